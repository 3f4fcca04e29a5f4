/** Blocks of addresses, asked whether one of them holds an address: as many looks as there are lengths of prefixes, however many blocks. */
import { type AddressBlock, parseBlock } from './address-block.ts';

export class AddressSet {
	/** Blocks by family (bytes of an address) and bits, each as its address with the other bits cleared. */
	readonly #lengths = new Map<string, { readonly bits: number; readonly keys: Set<string> }>();

	constructor(blocks: readonly AddressBlock[]) {
		for (const { bytes, bits } of blocks) {
			const length = `${bytes.length}/${bits}`;
			const known = this.#lengths.get(length) ?? { bits, keys: new Set<string>() };
			known.keys.add(keyOf(bytes, bits));
			this.#lengths.set(length, known);
		}
	}

	get isEmpty(): boolean {
		return this.#lengths.size === 0;
	}

	/** False for what is no address. */
	has(address: string): boolean {
		if (this.isEmpty) return false;
		const one = parseBlock(address);
		if (one === null) return false;
		for (const [length, { bits, keys }] of this.#lengths)
			if (length.startsWith(`${one.bytes.length}/`) && keys.has(keyOf(one.bytes, bits))) return true;
		return false;
	}
}

function keyOf(bytes: readonly number[], bits: number): string {
	const whole = bits >> 3;
	const key = String.fromCharCode(...bytes.slice(0, whole));
	const rest = bits & 7;
	return rest === 0 ? key : key + String.fromCharCode((bytes[whole] ?? 0) & (0xff << (8 - rest)));
}
