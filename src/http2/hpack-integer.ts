/** Integers of HPACK (RFC 7541 section 5.1): what fits goes into the rest of the first byte, the rest in groups of seven bits. */
import type { Buffer } from 'node:buffer';
import { connectionFault } from './http2-fault.ts';

/** No index, length or size of ours needs more: 5 bytes would be 32 bits and more. */
const VALUE_MAX = 2 ** 28;

/** Reads integers and keeps the place. */
export class HpackReader {
	readonly block: Buffer;
	at = 0;

	constructor(block: Buffer) {
		this.block = block;
	}

	get ended(): boolean {
		return this.at >= this.block.length;
	}

	/** `prefixBits` of the byte at hand and, where they are all 1, the bytes after it. Throws COMPRESSION_ERROR. */
	integer(prefixBits: number): number {
		const mask = (1 << prefixBits) - 1;
		let value = this.#byte() & mask;
		if (value < mask) return value;
		for (let shift = 0; ; shift += 7) {
			const byte = this.#byte();
			value += (byte & 0x7f) * 2 ** shift;
			if (value > VALUE_MAX || shift > 28) throw broken('an integer is too large');
			if ((byte & 0x80) === 0) return value;
		}
	}

	#byte(): number {
		const byte = this.block[this.at++];
		if (byte === undefined) throw broken('a field block ends in the middle of a field');
		return byte;
	}
}

/** As Latin-1 text; `high` are the bits of the first byte before the prefix. */
export function integerText(value: number, prefixBits: number, high: number): string {
	const mask = (1 << prefixBits) - 1;
	if (value < mask) return String.fromCharCode(high | value);
	let text = String.fromCharCode(high | mask);
	let rest = value - mask;
	while (rest >= 0x80) {
		text += String.fromCharCode((rest & 0x7f) | 0x80);
		rest >>>= 7;
	}
	return text + String.fromCharCode(rest);
}

function broken(message: string): Error {
	return connectionFault('COMPRESSION_ERROR', message);
}
