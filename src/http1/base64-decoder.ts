/**
 * Takes Base64 (RFC 4648 section 4) off a body as it flows, strictly: no white space, no other alphabet, padding
 * only at the end and only as much as is due. `Buffer.from` alone would skip what it does not know.
 */
import { malformed } from './protocol-fault.ts';

export class Base64Decoder {
	/** Up to three characters that wait for the rest of their group. */
	#carry = '';
	#padded = false;

	/** `text` is ASCII; hands the bytes to `sink`. Throws a ProtocolFault. */
	push(text: string, sink: (bytes: Buffer) => void): void {
		if (text === '') return;
		if (this.#padded) throw malformed('Base64 goes on after its padding');
		const all = this.#carry === '' ? text : this.#carry + text;
		const whole = all.length - (all.length % 4);
		this.#carry = all.slice(whole);
		if (whole === 0) return;
		const groups = whole === all.length ? all : all.slice(0, whole);
		const bytes = Buffer.from(groups, 'base64');
		const padding = groups.endsWith('==') ? 2 : groups.endsWith('=') ? 1 : 0;
		this.#padded = padding > 0;
		if (bytes.length !== (whole / 4) * 3 - padding || groups.includes('-') || groups.includes('_')) {
			throw malformed('the body is not Base64');
		}
		if (bytes.length > 0) sink(bytes);
	}

	/** The text is over; an incomplete group is an error. */
	end(): void {
		if (this.#carry !== '') throw malformed('Base64 ends in the middle of a group');
	}
}
