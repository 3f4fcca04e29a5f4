/**
 * One line for each request, to a file, stdout or stderr. It never holds up a request: lines are written from the engine's
 * threads, one write at a time. Where the disk or a reader is slower than that, lines beyond a bound are dropped, and a
 * record in the log of httpfn says how many.
 *
 * A file that was moved away is opened anew within a second or two: that is all that a rotation has to do. So is one that the disk
 * refused to extend.
 */
import fs from 'node:fs';
import { monotonicMs } from '../base/clock.ts';
import { errorText } from '../base/error-text.ts';
import type { AccessEntry, AccessFormat } from './access-entry.ts';
import { accessLine } from './access-line.ts';
import { DescriptorSink } from './descriptor-sink.ts';
import type { Log } from './log.ts';

/** Bytes that wait for the disk or a reader. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** How often the file is looked for under its name. */
const LOOK_MS = 1000;
/** Made where it is missing. Not waited for: a pipe without a reader would hold up everything. */
const APPEND = fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_CREAT | fs.constants.O_NONBLOCK;
/** How long a stop waits for a reader that takes nothing. */
const CLOSE_MS_MAX = 2000;

export interface AccessLogOptions {
	/** Absolute path of a file that is appended to, or a descriptor. */
	readonly to: string | number;
	readonly format: AccessFormat;
	/** Of the text format: it is for a terminal that has colours. */
	readonly coloured?: boolean;
	/** Told of what is lost. */
	readonly log: Log;
}

interface Opened {
	readonly sink: DescriptorSink;
	readonly descriptor: number;
	readonly inode: number;
}

export class AccessLog {
	readonly #options: AccessLogOptions;
	#opened: Opened;
	#dropped = 0;
	/** Told that it can not be opened, once. */
	#failing = false;
	#closed = false;
	#lookedMs = monotonicMs();

	/** Throws the system's error where the file can not be opened. */
	constructor(options: AccessLogOptions) {
		this.#options = options;
		this.#opened = open(options.to);
	}

	write(entry: AccessEntry): void {
		const { format, coloured } = this.#options;
		if (this.#hasRoom(1)) this.#opened.sink.writeText(accessLine(entry, format, coloured));
	}

	/** Lines as accessLine makes them: of another process. */
	writeLines(lines: string): void {
		if (this.#hasRoom(lines.split('\n').length - 1)) this.#opened.sink.writeText(lines);
	}

	/** Writes what there is, if it is taken within seconds. Call it last. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		this.#reportDropped();
		await this.#release(this.#opened);
	}

	/** False: what takes the lines is behind, and so many are lost. */
	#hasRoom(lines: number): boolean {
		this.#look();
		const { sink } = this.#opened;
		if (sink.broken || sink.queuedBytes > WAITING_BYTES_MAX) {
			this.#dropped += lines;
			return false;
		}
		this.#reportDropped();
		return true;
	}

	/** Whoever rotates logs moves the file away; asked about once a second, and without waiting for the disk. */
	#look(): void {
		const { to } = this.#options;
		const nowMs = monotonicMs();
		if (typeof to === 'number' || nowMs - this.#lookedMs < LOOK_MS) return;
		this.#lookedMs = nowMs;
		fs.stat(to, (error, found) => {
			if (this.#closed) return;
			const moved = error !== null || found.ino !== this.#opened.inode;
			if (moved || this.#opened.sink.broken) this.#reopen(to);
		});
	}

	#reopen(path: string): void {
		const before = this.#opened;
		try {
			this.#opened = open(path);
		} catch (error) {
			const message = 'the access log can not be opened anew: its former file is written to';
			if (!this.#failing) this.#options.log.write('error', message, { error: errorText(error) });
			this.#failing = true;
			return;
		}
		this.#failing = false;
		void this.#release(before);
	}

	async #release({ sink, descriptor }: Opened): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<'stuck'>((resolve) => {
			timer = setTimeout(() => resolve('stuck'), CLOSE_MS_MAX);
		});
		const outcome = await Promise.race([sink.flush(), patience]);
		clearTimeout(timer);
		// A descriptor that is being written to is not closed: its number would be somebody else's.
		if (outcome !== 'stuck' && typeof this.#options.to === 'string') fs.closeSync(descriptor);
	}

	#reportDropped(): void {
		if (this.#dropped === 0) return;
		const message = 'records of requests were lost: what takes them was too slow, or refused them';
		this.#options.log.write('warn', message, { lost: this.#dropped });
		this.#dropped = 0;
	}
}

function open(to: string | number): Opened {
	const descriptor = typeof to === 'number' ? to : fs.openSync(to, APPEND, 0o640);
	return { sink: new DescriptorSink(descriptor), descriptor, inode: fs.fstatSync(descriptor).ino };
}
