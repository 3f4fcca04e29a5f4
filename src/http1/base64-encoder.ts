/**
 * Base64 (RFC 4648 section 4) of a body as it flows. Each push encodes all whole groups of three bytes it has and
 * carries the one or two left over into the next, so the pieces join to exactly what one call over the whole body
 * would give, and memory does not grow with it.
 */
const CHUNK_BYTES = 48 * 1024;

export class Base64Encoder {
	readonly #carry = Buffer.alloc(3);
	#carried = 0;

	/** Hands Base64 text to `sink` in pieces of at most 64 KiB. */
	push(bytes: Buffer, sink: (text: string) => void): void {
		let from = 0;
		if (this.#carried > 0) {
			while (this.#carried < 3 && from < bytes.length) this.#carry[this.#carried++] = bytes[from++] ?? 0;
			if (this.#carried < 3) return;
			sink(this.#carry.toString('base64'));
			this.#carried = 0;
		}
		const whole = bytes.length - ((bytes.length - from) % 3);
		while (from < whole) {
			const to = Math.min(whole, from + CHUNK_BYTES);
			sink(bytes.toString('base64', from, to));
			from = to;
		}
		while (from < bytes.length) this.#carry[this.#carried++] = bytes[from++] ?? 0;
	}

	/** The last group with its padding, or nothing. */
	end(sink: (text: string) => void): void {
		if (this.#carried > 0) sink(this.#carry.toString('base64', 0, this.#carried));
		this.#carried = 0;
	}
}
