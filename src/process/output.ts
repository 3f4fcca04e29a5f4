/**
 * The two output streams of an instance, as lines in the log.
 *
 * Nothing is lost and nothing piles up: while the log's reader is slower than the function, the stream is not read, so
 * the function itself waits in its write. The last lines of stderr are kept for the error that may follow.
 */
import { LIMITS } from '../contract/limits.ts';
import type { ByteSource } from '../engine/pipe.ts';
import type { Log } from '../telemetry/log.ts';
import { LineSplitter } from './line-splitter.ts';

const TAIL_LINES_MAX = 20;
const TAIL_LINE_CHARS_MAX = 1_000;
/** After the end of all processes of an instance, a stream that delivers nothing for so long is given up. */
const SILENCE_MS_MAX = 200;

export interface OutputSource {
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
}

export class InstanceOutput {
	/** Resolves when both streams have ended and every line was handed to the log; never rejects. */
	readonly ended: Promise<void>;
	/** Resolves when stderr has ended; never rejects. */
	readonly stderrEnded: Promise<void>;
	readonly #source: OutputSource;
	readonly #log: Log;
	readonly #requestId: () => string | null;
	readonly #stderrTail: string[] = [];
	#chunksRead = 0;
	#waitingForLog = 0;

	/** `requestId` answers the id of the request in flight, where there is exactly one. */
	constructor(source: OutputSource, log: Log, requestId: () => string | null) {
		this.#source = source;
		this.#log = log;
		this.#requestId = requestId;
		this.stderrEnded = this.#read(source.stderr, 'stderr');
		this.ended = Promise.all([this.#read(source.stdout, 'stdout'), this.stderrEnded]).then(() => {});
	}

	/** The last lines of stderr so far, oldest first. */
	stderrTail(): readonly string[] {
		return [...this.#stderrTail];
	}

	/**
	 * Call it when no process of the instance is left: reads what the streams still hold. A process that escaped may
	 * hold a stream open for ever, so one that stays silent is closed. Resolves like `ended`.
	 */
	async drain(): Promise<void> {
		let chunksSeen = this.#chunksRead;
		const timer = setInterval(() => {
			if (this.#chunksRead === chunksSeen && this.#waitingForLog === 0) this.discard();
			chunksSeen = this.#chunksRead;
		}, SILENCE_MS_MAX);
		try {
			await this.ended;
		} finally {
			clearInterval(timer);
		}
	}

	/** Closes both streams; what was not read is lost. Twice is harmless. */
	discard(): void {
		this.#source.stdout.destroy();
		this.#source.stderr.destroy();
	}

	async #read(stream: ByteSource, name: 'stdout' | 'stderr'): Promise<void> {
		let taken = true;
		const splitter = new LineSplitter(LIMITS.outputLineBytesMax, (line) => {
			if (name === 'stderr') this.#remember(line);
			if (!this.#log.output(name, line, this.#requestId())) taken = false;
		});
		try {
			for await (const chunk of stream) {
				this.#chunksRead += 1;
				splitter.push(chunk);
				if (taken) continue;
				this.#waitingForLog += 1;
				await this.#log.onDrain();
				this.#waitingForLog -= 1;
				taken = true;
			}
		} catch {
			// The stream was discarded, or its reading failed: what came before is what there is.
		}
		splitter.end();
	}

	#remember(line: string): void {
		this.#stderrTail.push(line.slice(0, TAIL_LINE_CHARS_MAX));
		if (this.#stderrTail.length > TAIL_LINES_MAX) this.#stderrTail.shift();
	}
}
