/**
 * Lines of a log on their way to one client, no faster than it takes them. What comes meanwhile waits, up to a bound; beyond it lines
 * are left out, and a line in their place says how many.
 */
import { Buffer } from 'node:buffer';
import type { LogLine } from '../../telemetry/recent-lines.ts';
import type { Reply } from '../reply.ts';

const WAITING_MAX = 10_000;
/** Characters of all that waits. */
const WAITING_CHARS_MAX = 1024 * 1024;
/** Bytes of one write. */
const WRITE_BYTES = 64 * 1024;
/** Milliseconds between empty lines where there is nothing to say: nobody on the way takes the connection for dead. */
const SILENCE_MS = 15_000;

export class LineStream {
	readonly #reply: Reply;
	readonly #stop = (): void => this.end();
	#waiting: LogLine[] = [];
	#waitingChars = 0;
	#leftOut = 0;
	#ended = false;
	#wake: () => void = () => {};

	constructor(reply: Reply) {
		this.#reply = reply;
		reply.signal.addEventListener('abort', this.#stop);
		reply.draining.addEventListener('abort', this.#stop);
	}

	add(line: LogLine): void {
		const chars = this.#waitingChars + line.text.length;
		if (this.#waiting.length >= WAITING_MAX || (chars > WAITING_CHARS_MAX && this.#waiting.length > 0)) {
			this.#leftOut += 1;
		} else {
			this.#waiting.push(line);
			this.#waitingChars = chars;
		}
		this.#wake();
	}

	/** There will be no more lines. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	/**
	 * Resolves when all is sent; with `follow` when there will be no more, the client is gone or the server stops. The head is out
	 * already.
	 */
	async send(newest: readonly LogLine[], follow: boolean): Promise<void> {
		try {
			await this.#write(newest);
			// The head leaves with the first bytes: who follows a silent function is to see it at once.
			if (follow && newest.length === 0) await this.#reply.write(EMPTY_LINE);
			while (follow && !(this.#ended && this.#waiting.length === 0)) {
				if (this.#waiting.length === 0) await this.#somethingOrSilence();
				if (this.#reply.signal.aborted) return;
				await this.#write(this.#take());
			}
			this.#reply.end();
		} finally {
			this.#reply.draining.removeEventListener('abort', this.#stop);
		}
	}

	#take(): readonly LogLine[] {
		const taken = this.#waiting;
		const leftOut = this.#leftOut;
		this.#waiting = [];
		this.#waitingChars = 0;
		this.#leftOut = 0;
		const last = taken.at(-1);
		if (leftOut === 0 || last === undefined) return taken;
		const text = `${leftOut} lines are left out here: they came faster than they were read`;
		return [...taken, { ...last, stream: 'platform', requestId: null, text }];
	}

	async #write(lines: readonly LogLine[]): Promise<void> {
		let text = '';
		for (const line of lines) {
			text += `${lineText(line)}\n`;
			if (text.length < WRITE_BYTES) continue;
			await this.#reply.write(Buffer.from(text, 'utf8'));
			text = '';
		}
		if (text !== '') await this.#reply.write(Buffer.from(text, 'utf8'));
	}

	/** Resolves with the next line or the end; meanwhile an empty line now and then. */
	async #somethingOrSilence(): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#wake = resolve;
		// What came before this was asked.
		if (this.#waiting.length > 0 || this.#ended) return;
		const timer = setTimeout(resolve, SILENCE_MS);
		await promise;
		clearTimeout(timer);
		if (this.#waiting.length > 0 || this.#ended) return;
		await this.#reply.write(EMPTY_LINE);
	}
}

function lineText({ timeMs, version, stream, requestId, text }: LogLine): string {
	return JSON.stringify({
		time: new Date(timeMs).toISOString(),
		version,
		stream,
		request_id: requestId,
		text,
	});
}

const EMPTY_LINE = Buffer.from('\n');
