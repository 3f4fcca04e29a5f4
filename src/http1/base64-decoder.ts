/**
 * Takes Base64 (RFC 4648 section 4) off a body as it flows, strictly: no white space, no other alphabet, padding
 * only at the end and only as much as is due. `Buffer.from` would skip what it does not know, and wants a text, which nobody
 * can free: such texts wait for the garbage collector by the tens of megabytes.
 */
import { malformed } from './protocol-fault.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 0x3d;
/** What stands for no six bits; its highest bit is in no value. */
const NONE = 0x80;
const VALUES = values();

export class Base64Decoder {
	/** Up to three signs that wait for the rest of their group. */
	readonly #carry = new Uint8Array(4);
	#carried = 0;
	#padded = false;

	/** `text` is ASCII; hands bytes to `sink`, which are the sink's to keep or to give back. Throws a ProtocolFault. */
	push(text: Uint8Array, sink: (bytes: Buffer) => void): void {
		let from = 0;
		if (this.#carried > 0) {
			while (this.#carried < 4 && from < text.length) this.#carry[this.#carried++] = text[from++] ?? 0;
			if (this.#carried < 4) return;
			this.#carried = 0;
			this.#decode(this.#carry, 0, 4, sink);
		}
		if (from === text.length) return;
		if (this.#padded) throw malformed('Base64 goes on after its padding');
		const to = text.length - ((text.length - from) % 4);
		if (from < to) this.#decode(text, from, to, sink);
		if (to < text.length && this.#padded) throw malformed('Base64 goes on after its padding');
		for (let at = to; at < text.length; at += 1) this.#carry[this.#carried++] = text[at] ?? 0;
	}

	/** The text is over; an incomplete group is an error. */
	end(): void {
		if (this.#carried > 0) throw malformed('Base64 ends in the middle of a group');
	}

	/** Whole groups; of the last one the end may be padding. */
	#decode(text: Uint8Array, from: number, to: number, sink: (bytes: Buffer) => void): void {
		const padding = text[to - 1] !== PAD ? 0 : text[to - 2] !== PAD ? 1 : 2;
		this.#padded = padding > 0;
		const bytes = Buffer.allocUnsafeSlow(((to - from) / 4) * 3 - padding);
		const whole = padding === 0 ? to : to - 4;
		let wrong = 0;
		let at = 0;
		for (let read = from; read < whole; read += 4, at += 3) {
			const first = VALUES[text[read] ?? 0] ?? NONE;
			const second = VALUES[text[read + 1] ?? 0] ?? NONE;
			const third = VALUES[text[read + 2] ?? 0] ?? NONE;
			const fourth = VALUES[text[read + 3] ?? 0] ?? NONE;
			wrong |= first | second | third | fourth;
			bytes[at] = (first << 2) | (second >>> 4);
			bytes[at + 1] = (second << 4) | (third >>> 2);
			bytes[at + 2] = (third << 6) | fourth;
		}
		if (padding > 0) {
			const [first, second, third] = [0, 1, 2].map((place) => VALUES[text[whole + place] ?? 0] ?? NONE);
			const bits = ((first ?? 0) << 10) | ((second ?? 0) << 4) | (padding === 1 ? (third ?? 0) >>> 2 : 0);
			wrong |= (first ?? 0) | (second ?? 0) | (padding === 1 ? (third ?? 0) : 0);
			bytes[at] = bits >>> 8;
			if (padding === 1) bytes[at + 1] = bits;
		}
		if ((wrong & NONE) !== 0) throw malformed('the body is not Base64');
		sink(bytes);
	}
}

function values(): Uint8Array {
	const table = new Uint8Array(256).fill(NONE);
	for (const [value, sign] of [...ALPHABET].entries()) table[sign.charCodeAt(0)] = value;
	return table;
}
