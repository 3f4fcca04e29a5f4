/**
 * Bytes in, lines out. Lines end at LF (a CR before it is dropped) and are decoded as UTF-8 when they are whole, so
 * that no character is broken by the border of two reads. A line over the limit is split, between characters.
 */
const LF = 0x0a;
const CR = 0x0d;

export class LineSplitter {
	readonly #lineBytesMax: number;
	readonly #onLine: (line: string) => void;
	/** The beginning of a line whose end has not been read; never longer than the limit. */
	#parts: Buffer[] = [];
	#partsBytes = 0;

	constructor(lineBytesMax: number, onLine: (line: string) => void) {
		this.#lineBytesMax = lineBytesMax;
		this.#onLine = onLine;
	}

	push(chunk: Buffer): void {
		let start = 0;
		for (;;) {
			const end = chunk.indexOf(LF, start);
			if (end === -1) break;
			this.#line(chunk.subarray(start, end), true);
			start = end + 1;
		}
		if (start === chunk.length) return;
		// A copy: a few bytes must not keep a whole read buffer alive.
		const rest = Buffer.from(chunk.subarray(start));
		this.#parts.push(rest);
		this.#partsBytes += rest.length;
		if (this.#partsBytes > this.#lineBytesMax || this.#parts.length > 64) this.#keep(this.#take());
	}

	/** The last line, where no newline ended it. */
	end(): void {
		if (this.#partsBytes > 0) this.#line(EMPTY, false);
	}

	#line(tail: Buffer, ended: boolean): void {
		let line = this.#partsBytes === 0 ? tail : this.#take(tail);
		if (ended && line.at(-1) === CR) line = line.subarray(0, -1);
		line = this.#split(line);
		this.#onLine(line.toString('utf8'));
	}

	/** Emits whole pieces of a line that is not at its end, and keeps what is left. */
	#keep(line: Buffer): void {
		const rest = this.#split(line);
		this.#parts = [rest];
		this.#partsBytes = rest.length;
	}

	#split(line: Buffer): Buffer {
		let rest = line;
		while (rest.length > this.#lineBytesMax) {
			const at = characterBorder(rest, this.#lineBytesMax);
			this.#onLine(rest.toString('utf8', 0, at));
			rest = rest.subarray(at);
		}
		return rest;
	}

	#take(tail: Buffer = EMPTY): Buffer {
		const line = Buffer.concat([...this.#parts, tail]);
		this.#parts = [];
		this.#partsBytes = 0;
		return line;
	}
}

const EMPTY = Buffer.alloc(0);

/** The last place at or before `at` where a UTF-8 character begins; `at` itself in text that is not UTF-8. */
function characterBorder(bytes: Buffer, at: number): number {
	for (let border = at; border > at - 4 && border > 0; border--) {
		const byte = bytes[border];
		if (byte === undefined || (byte & 0xc0) !== 0x80) return border;
	}
	return at;
}
