import process from 'node:process';

/** Characters of a line that nobody types; more of them are dropped. */
const LINE_CHARS_MAX = 4096;

/** Lines of standard input, as a terminal hands them over. One at a time is taken. */
export class TypedLines {
	readonly #decoder = new TextDecoder();
	readonly #input = process.stdin;
	#text = '';
	#ended = false;
	#wake: () => void = () => {};
	readonly #onData = (chunk: Uint8Array): void => {
		this.#text = (this.#text + this.#decoder.decode(chunk, { stream: true })).slice(0, LINE_CHARS_MAX);
		this.#wake();
	};
	readonly #onEnd = (): void => {
		this.#ended = true;
		this.#wake();
	};

	constructor() {
		this.#input.on('data', this.#onData);
		this.#input.on('end', this.#onEnd);
		// A terminal that went away.
		this.#input.on('error', this.#onEnd);
	}

	/** Without its line end. Null: input ended before the line did. */
	async next(): Promise<string | null> {
		for (;;) {
			const end = this.#text.indexOf('\n');
			if (end !== -1) {
				const line = this.#text.slice(0, end);
				this.#text = this.#text.slice(end + 1);
				return line;
			}
			if (this.#ended) return null;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	close(): void {
		this.#input.off('data', this.#onData);
		this.#input.off('end', this.#onEnd);
		this.#input.off('error', this.#onEnd);
		this.#input.pause();
	}
}
