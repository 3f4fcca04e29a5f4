/**
 * Base64 (RFC 4648 section 4) of a body as it flows. Each push encodes all whole groups of three bytes it has and
 * carries the one or two left over into the next, so the pieces join to exactly what one call over the whole body
 * would give, and memory does not grow with it.
 *
 * The engine's own coder is faster, but goes by way of texts, which nobody can free: they wait for the garbage collector by
 * the tens of megabytes.
 */
import { convertGroups } from './base64-groups.ts';

const PIECE_BYTES = 64 * 1024;
const CHUNK_BYTES = (PIECE_BYTES / 4) * 3;

export class Base64Encoder {
	readonly #carry = Buffer.alloc(2);
	#carried = 0;

	/** Hands Base64 as ASCII to `sink`, in pieces of at most 64 KiB, which are the sink's to keep or to give back. */
	push(bytes: Buffer, sink: (piece: Buffer) => void): void {
		const whole = bytes.length - ((this.#carried + bytes.length) % 3);
		let from = 0;
		while (from < whole) {
			const ahead = this.#carry.subarray(0, this.#carried);
			const to = Math.min(whole, from + CHUNK_BYTES - ahead.length);
			const piece = Buffer.allocUnsafeSlow(((ahead.length + to - from) / 3) * 4);
			convertGroups('encode', { ahead, bytes, from, to }, piece);
			this.#carried = 0;
			from = to;
			sink(piece);
		}
		while (from < bytes.length) this.#carry[this.#carried++] = bytes[from++] ?? 0;
	}

	/** The last group with its padding, or nothing. */
	end(sink: (piece: Buffer) => void): void {
		if (this.#carried > 0) sink(Buffer.from(this.#carry.toString('base64', 0, this.#carried), 'latin1'));
		this.#carried = 0;
	}
}
