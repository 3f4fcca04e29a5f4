/**
 * Bytes to a file descriptor that this process was given (1 or 2), in order, without blocking the event loop.
 *
 * A pipe is reopened non-blocking, with flags of our own: a full blocking one would hold up the loop, or a thread
 * that process exit waits for. It is written in slices that the system takes whole or not at all (POSIX: PIPE_BUF),
 * because an engine may loop over a partial write and lose count when the pipe fills. Anything else (file,
 * terminal, socket) is written from the engine's threads, one write at a time; what arrives meanwhile joins the next.
 *
 * A reader that went away (EPIPE) ends the sink: later bytes are dropped, and nobody is told but by `broken`.
 */
import fs from 'node:fs';

/** Queued bytes from which `write` answers false. */
const QUEUED_BYTES_MAX = 256 * 1024;
/** Queued bytes below which a waiting writer goes on. */
const QUEUED_BYTES_LOW = 64 * 1024;
/** Bytes handed to one system call, for a pipe and for anything else. */
const PIPE_WRITE_BYTES_MAX = 4096;
const WRITE_BYTES_MAX = 256 * 1024;
/** Milliseconds until a full pipe is tried again: the first and the longest pause. */
const RETRY_MS_MIN = 1;
const RETRY_MS_MAX = 20;

export class DescriptorSink {
	readonly #descriptor: number;
	/** A non-blocking pipe of our own. */
	readonly #ownPipe: boolean;
	#queue: Uint8Array[] = [];
	#queuedBytes = 0;
	#writing = false;
	#broken = false;
	#retryMs = RETRY_MS_MIN;
	#drainWaiters: (() => void)[] = [];
	#flushWaiters: (() => void)[] = [];

	constructor(descriptor: number) {
		const pipe = reopenPipe(descriptor);
		this.#ownPipe = pipe !== null;
		this.#descriptor = pipe ?? descriptor;
	}

	/** The reader is gone, or the disk refused: nothing more will be written. */
	get broken(): boolean {
		return this.#broken;
	}

	get queuedBytes(): number {
		return this.#queuedBytes;
	}

	/** Queues bytes, which the caller must not change. False: the reader is slower than the writer; see `onDrain`. */
	write(bytes: Uint8Array): boolean {
		if (this.#broken) return true;
		if (bytes.byteLength === 0) return this.#queuedBytes < QUEUED_BYTES_MAX;
		this.#queue.push(bytes);
		this.#queuedBytes += bytes.byteLength;
		if (!this.#writing) {
			this.#writing = true;
			// Lines of one turn of the event loop leave in one system call.
			queueMicrotask(() => this.#writeNext());
		}
		return this.#queuedBytes < QUEUED_BYTES_MAX;
	}

	writeText(text: string): boolean {
		return this.write(Buffer.from(text, 'utf8'));
	}

	/** Resolves when there is room again, or the sink broke. */
	onDrain(): Promise<void> {
		if (this.#broken || this.#queuedBytes < QUEUED_BYTES_MAX) return Promise.resolve();
		return new Promise((resolve) => {
			this.#drainWaiters.push(resolve);
		});
	}

	/** Resolves when everything queued so far has been written, or the sink broke. */
	flush(): Promise<void> {
		if (!this.#writing) return Promise.resolve();
		return new Promise((resolve) => {
			this.#flushWaiters.push(resolve);
		});
	}

	#writeNext(): void {
		const batch = this.#takeBatch();
		if (this.#ownPipe) this.#writePipe(batch);
		else this.#writeByThread(batch);
	}

	#writePipe(batch: Uint8Array): void {
		let offset = 0;
		try {
			while (offset < batch.byteLength) {
				const length = Math.min(PIPE_WRITE_BYTES_MAX, batch.byteLength - offset);
				offset += fs.writeSync(this.#descriptor, batch, offset, length, null);
			}
		} catch (error) {
			this.#wrote(offset);
			this.#failed(error as NodeJS.ErrnoException, batch.subarray(offset));
			return;
		}
		this.#wrote(offset);
		this.#continue();
	}

	#writeByThread(batch: Uint8Array): void {
		fs.write(this.#descriptor, batch, 0, batch.byteLength, null, (error, written) => {
			if (error !== null) {
				this.#failed(error, batch);
				return;
			}
			this.#wrote(written);
			if (written < batch.byteLength) this.#queue.unshift(batch.subarray(written));
			this.#continue();
		});
	}

	#wrote(bytes: number): void {
		this.#queuedBytes -= bytes;
		if (bytes > 0) this.#retryMs = RETRY_MS_MIN;
		if (this.#queuedBytes <= QUEUED_BYTES_LOW) release(this.#drainWaiters);
	}

	#continue(): void {
		if (this.#queue.length > 0) {
			// Not at once: a fast reader and a long queue would keep everything else waiting.
			setImmediate(() => this.#writeNext());
			return;
		}
		this.#writing = false;
		release(this.#drainWaiters);
		release(this.#flushWaiters);
	}

	#failed(error: NodeJS.ErrnoException, rest: Uint8Array): void {
		if (error.code === 'EAGAIN' || error.code === 'EINTR') {
			this.#queue.unshift(rest);
			setTimeout(() => this.#writeNext(), this.#retryMs);
			this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
			return;
		}
		this.#broken = true;
		this.#queue = [];
		this.#queuedBytes = 0;
		this.#continue();
	}

	#takeBatch(): Uint8Array {
		const first = this.#queue[0];
		if (first === undefined) throw new Error('a write follows a queued buffer');
		if (this.#queue.length === 1 || first.byteLength >= WRITE_BYTES_MAX) {
			this.#queue.shift();
			return first;
		}
		let count = 0;
		let bytes = 0;
		while (count < this.#queue.length && bytes < WRITE_BYTES_MAX)
			bytes += this.#queue[count++]?.byteLength ?? 0;
		return Buffer.concat(this.#queue.splice(0, count), bytes);
	}
}

function release(waiters: (() => void)[]): void {
	for (const resolve of waiters.splice(0)) resolve();
}

/** The same pipe with flags of our own; null where it is none. Flags set on the original would be every holder's. */
function reopenPipe(descriptor: number): number | null {
	try {
		if (!fs.fstatSync(descriptor).isFIFO()) return null;
		return fs.openSync(`/proc/self/fd/${descriptor}`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
	} catch {
		// No /proc, a closed descriptor, or a pipe of another user: the original serves.
		return null;
	}
}
