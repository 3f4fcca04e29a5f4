/**
 * Takes Base64 (RFC 4648 section 4) off a body as it flows, strictly: no white space, no other alphabet, padding
 * only at the end and only as much as is due. `Buffer.from` would skip what it does not know, and wants a text, which nobody
 * can free: such texts wait for the garbage collector by the tens of megabytes.
 */
import { convertGroups } from './base64-groups.ts';
import { malformed } from './protocol-fault.ts';

const PAD = 0x3d;

export class Base64Decoder {
	/** Up to three signs that wait for the rest of their group. */
	readonly #carry = Buffer.alloc(3);
	#carried = 0;
	#padded = false;

	/** `text` is ASCII; hands bytes to `sink`, which are the sink's to keep or to give back. Throws a ProtocolFault. */
	push(text: Uint8Array, sink: (bytes: Buffer) => void): void {
		if (text.length === 0) return;
		if (this.#padded) throw malformed('Base64 goes on after its padding');
		const rest = (this.#carried + text.length) % 4;
		const whole = text.length - rest;
		if (whole <= 0) {
			this.#keep(text);
			return;
		}
		const bytes = this.#decode(text, whole);
		if (rest > 0 && this.#padded) throw malformed('Base64 goes on after its padding');
		this.#carried = 0;
		this.#keep(text.subarray(whole));
		sink(bytes);
	}

	/** The text is over; an incomplete group is an error. */
	end(): void {
		if (this.#carried > 0) throw malformed('Base64 ends in the middle of a group');
	}

	/** What is carried, and `text` up to `to`: whole groups. Of the last one the end may be padding. */
	#decode(text: Uint8Array, to: number): Buffer {
		const ahead = this.#carry.subarray(0, this.#carried);
		const padding = text[to - 1] !== PAD ? 0 : (to > 1 ? text[to - 2] : ahead.at(-1)) !== PAD ? 1 : 2;
		this.#padded = padding > 0;
		const bytes = Buffer.allocUnsafeSlow(((ahead.length + to) / 4) * 3 - padding);
		const groups = { ahead, bytes: Buffer.from(text.buffer, text.byteOffset, to), from: 0, to, padding };
		if (!convertGroups('decode', groups, bytes)) throw malformed('the body is not Base64');
		return bytes;
	}

	#keep(signs: Uint8Array): void {
		for (const sign of signs) this.#carry[this.#carried++] = sign;
	}
}
