/**
 * A connection whose descriptor we read and write ourselves, when a PollLoop says that it is ready. An event costs a fraction of what it
 * costs through an engine's own sockets: no object, no callback and no copy of the engine's lies between the kernel and us.
 */
import type { Connection, ConnectionHandler } from './connection.ts';
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';
import { givePiece } from './pieces.ts';
import { FAILED, HUNG_UP, type PollLoop, type PollSource, READABLE, WRITABLE } from './poll-loop.ts';
import { receive } from './receive.ts';
import { isWritable, keepAlive, pendingError, resetOnClose, sendAtOnce } from './socket-options.ts';

const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SEND_FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL;
const SHUT_WR = 1;
const EINTR = 4;
const EAGAIN = 11;

/** Heads and the small bodies that follow them leave through this one. */
const SCRATCH = Buffer.from(new ArrayBuffer(64 * 1024));

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export class PolledConnection implements Connection, PollSource {
	handler: ConnectionHandler;
	readonly tls = null;
	remoteAddress = '';
	remotePort = 0;
	readonly #calls: Libc;
	readonly #loop: PollLoop;
	/** -1: it has yet to come, or is closed. */
	#descriptor = -1;
	/** Null: it is open from the start. */
	readonly #onOpen: (() => void) | null;
	#open = false;
	/** The events asked for; 0 and `#watched` false: it is out of the loop, because it has hung up and nobody reads it. */
	#events = 0;
	#watched = false;
	/** What the kernel has not taken yet, oldest first. */
	#queue: Uint8Array[] = [];
	#drainWanted = false;
	#paused = false;
	#ending = false;
	#finSent = false;
	/** The peer's FIN was told. */
	#ended = false;
	/** Nothing is delivered any more but the close. */
	#closing = false;
	#resetting = false;

	constructor(calls: Libc, loop: PollLoop, handler: ConnectionHandler | null, onOpen: (() => void) | null) {
		this.#calls = calls;
		this.#loop = loop;
		this.handler = handler ?? IGNORE;
		this.#onOpen = onOpen;
	}

	get queued(): boolean {
		return this.#queue.length > 0;
	}

	/** One that is open already: accepted. */
	accepted(descriptor: number): void {
		this.#descriptor = descriptor;
		this.#open = true;
		this.#watch(READABLE);
	}

	/** One that is connected or connecting: `onOpen` comes when it can be written, which may be at once. */
	begin(descriptor: number): void {
		this.#descriptor = descriptor;
		if (this.#closing) {
			this.#release();
			return;
		}
		// Most are on loopback, or were connected before they came.
		const connected = isWritable(this.#calls, descriptor);
		this.#watch(connected ? READABLE : WRITABLE);
		if (connected && !this.#closing) this.#begun();
	}

	/** Tells the owner, but never from within a call of its own. `error`: there will be no descriptor, or it is of no use any more. */
	close(error: Error | null): void {
		if (this.#closing) return;
		this.#closing = true;
		this.#release();
		queueMicrotask(() => this.handler.onClose(error));
	}

	ready(events: number): void {
		if (!this.#open) this.#begun();
		else if ((events & WRITABLE) !== 0) this.#drained();
		if (this.#closing || (events & (READABLE | FAILED | HUNG_UP)) === 0) return;
		if (!this.#paused && !this.#ended) this.#read();
		else if ((events & FAILED) !== 0) this.close(pendingError(this.#calls, this.#descriptor, 'recv'));
		else if ((events & HUNG_UP) !== 0) this.#hungUp();
		else this.#update();
	}

	write(bytes: Uint8Array): boolean {
		if (this.#closing || this.#ending || bytes.length === 0) return true;
		if (this.#open && this.#queue.length === 0) {
			const written = this.#send(bytes, bytes.length);
			if (written === bytes.length) {
				givePiece(bytes);
				return true;
			}
			this.#queue.push(written === 0 ? bytes : bytes.subarray(written));
			this.#update();
		} else {
			this.#queue.push(bytes);
		}
		this.#drainWanted = true;
		return false;
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		const bytes = head.length + (body === null ? 0 : body.length);
		if (!this.#open || this.#queue.length > 0 || bytes > SCRATCH.length || this.#ending) {
			const taken = this.write(Buffer.from(head, 'latin1'));
			return body === null ? taken : this.write(body);
		}
		if (this.#closing) return true;
		SCRATCH.write(head, 0, 'latin1');
		if (body !== null) SCRATCH.set(body, head.length);
		const written = this.#send(SCRATCH, bytes);
		if (written === bytes) return true;
		this.#queue.push(Buffer.from(SCRATCH.subarray(written, bytes)));
		this.#drainWanted = true;
		this.#update();
		return false;
	}

	keepAlive(): void {
		if (this.#descriptor >= 0) keepAlive(this.#calls, this.#descriptor);
	}

	/** The kernel is told when there is something that is not to be read: most pauses are over by then. */
	pause(): void {
		this.#paused = true;
	}

	resume(): void {
		if (!this.#paused) return;
		this.#paused = false;
		if (this.#open && !this.#closing) this.#update();
	}

	end(): void {
		if (this.#ending || this.#closing) return;
		this.#ending = true;
		if (this.#open && this.#queue.length === 0) this.#sendFin();
	}

	destroy(): void {
		if (this.#closing) return;
		if (this.#open) this.#flush();
		this.close(null);
	}

	reset(): void {
		if (this.#closing) return;
		this.#resetting = true;
		this.close(null);
	}

	#begun(): void {
		const error = pendingError(this.#calls, this.#descriptor, 'connect');
		if (error !== null) {
			this.close(error);
			return;
		}
		this.#open = true;
		sendAtOnce(this.#calls, this.#descriptor);
		this.#onOpen?.();
		if (!this.#closing) this.#drained();
	}

	#read(): void {
		const received = receive(this.#calls, this.#descriptor);
		if (typeof received !== 'number') {
			this.handler.onData(received);
		} else if (received === 0) {
			this.#ended = true;
			this.handler.onEnd();
			if (this.#closing) return;
			if (this.#finSent) this.close(null);
			else this.#update();
		} else if (-received !== EAGAIN && -received !== EINTR) {
			this.close(new KernelError('recv', -received));
		}
	}

	/** Both sides have sent FIN, and what came is still to be read: the kernel would tell that again and again. */
	#hungUp(): void {
		if (this.#ended) this.close(null);
		else this.#unwatch();
	}

	#drained(): void {
		this.#flush();
		if (this.#queue.length === 0 && this.#ending) {
			this.#sendFin();
		} else if (this.#queue.length === 0 && this.#drainWanted) {
			this.#drainWanted = false;
			this.handler.onDrain();
		}
		if (!this.#closing) this.#update();
	}

	#flush(): void {
		let sent = 0;
		for (const bytes of this.#queue) {
			const written = this.#send(bytes, bytes.length);
			if (written < bytes.length) {
				if (written > 0) this.#queue[sent] = bytes.subarray(written);
				break;
			}
			givePiece(bytes);
			sent++;
		}
		if (sent > 0) this.#queue.splice(0, sent);
	}

	/** How many bytes the kernel took. A failure is told afterwards: whoever writes does not expect it in the middle of that. */
	#send(bytes: Uint8Array, count: number): number {
		const written = this.#calls.send(this.#descriptor, bytes, count, SEND_FLAGS);
		if (written >= 0) return written;
		const error = this.#calls.lastErrorNumber();
		if (error !== EAGAIN && error !== EINTR) queueMicrotask(() => this.close(new KernelError('send', error)));
		return 0;
	}

	#sendFin(): void {
		if (this.#finSent) return;
		this.#finSent = true;
		this.#calls.shutdown(this.#descriptor, SHUT_WR);
		if (this.#ended) this.close(null);
	}

	#watch(events: number): void {
		try {
			this.#loop.add(this.#descriptor, this, events);
			this.#events = events;
			this.#watched = true;
		} catch (error) {
			this.close(error as Error);
		}
	}

	#unwatch(): void {
		if (!this.#watched) return;
		this.#watched = false;
		this.#loop.remove(this.#descriptor);
	}

	/** Asks for the events that matter now, where that has changed. */
	#update(): void {
		const read = this.#paused || this.#ended ? 0 : READABLE;
		const events = this.#queue.length > 0 ? read | WRITABLE : read;
		if (!this.#watched) {
			if (events !== 0) this.#watch(events);
		} else if (events !== this.#events) {
			this.#events = events;
			this.#loop.change(this.#descriptor, events);
		}
	}

	#release(): void {
		this.#queue = [];
		if (this.#descriptor < 0) return;
		this.#unwatch();
		if (this.#resetting) resetOnClose(this.#calls, this.#descriptor);
		this.#calls.close(this.#descriptor);
		this.#descriptor = -1;
	}
}
