/**
 * Base64 (RFC 4648 section 4) of a body as it flows. Each push encodes all whole groups of three bytes it has and
 * carries the one or two left over into the next, so the pieces join to exactly what one call over the whole body
 * would give, and memory does not grow with it.
 *
 * The engine's own coder is faster, but goes by way of texts, which nobody can free: they wait for the garbage collector by
 * the tens of megabytes.
 */
const CHUNK_BYTES = 48 * 1024;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two signs by the twelve bits they stand for, in the order in which this machine keeps them. */
const PAIRS = pairs();

export class Base64Encoder {
	readonly #carry = Buffer.alloc(3);
	#carried = 0;

	/** Hands Base64 as ASCII to `sink`, in pieces of at most 64 KiB, which are the sink's to keep or to give back. */
	push(bytes: Buffer, sink: (piece: Buffer) => void): void {
		let from = 0;
		if (this.#carried > 0) {
			while (this.#carried < 3 && from < bytes.length) this.#carry[this.#carried++] = bytes[from++] ?? 0;
			if (this.#carried < 3) return;
			sink(encodeGroups(this.#carry, 0, 3));
			this.#carried = 0;
		}
		const whole = bytes.length - ((bytes.length - from) % 3);
		while (from < whole) {
			const to = Math.min(whole, from + CHUNK_BYTES);
			sink(encodeGroups(bytes, from, to));
			from = to;
		}
		while (from < bytes.length) this.#carry[this.#carried++] = bytes[from++] ?? 0;
	}

	/** The last group with its padding, or nothing. */
	end(sink: (piece: Buffer) => void): void {
		if (this.#carried > 0) sink(Buffer.from(this.#carry.toString('base64', 0, this.#carried), 'latin1'));
		this.#carried = 0;
	}
}

function encodeGroups(bytes: Buffer, from: number, to: number): Buffer {
	const signs = new Uint16Array(((to - from) / 3) * 2);
	for (let read = from, at = 0; read < to; read += 3, at += 2) {
		const middle = bytes[read + 1] ?? 0;
		signs[at] = PAIRS[((bytes[read] ?? 0) << 4) | (middle >>> 4)] ?? 0;
		signs[at + 1] = PAIRS[((middle & 0x0f) << 8) | (bytes[read + 2] ?? 0)] ?? 0;
	}
	return Buffer.from(signs.buffer);
}

function pairs(): Uint16Array {
	const signs = new Uint8Array(2 * 4096);
	for (let bits = 0; bits < 4096; bits += 1) {
		signs[2 * bits] = ALPHABET.charCodeAt(bits >> 6);
		signs[2 * bits + 1] = ALPHABET.charCodeAt(bits & 63);
	}
	return new Uint16Array(signs.buffer);
}
