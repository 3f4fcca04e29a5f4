/**
 * Connections of each network, of all workers: a table of counts for each worker, by a hash of the network. Two networks that fall
 * on one count are told apart by none: of those that a host sees, one in 65,536 shares its count with a given other. The hash
 * is seeded, so that nobody can choose whom to share with.
 */
import type { CountsElsewhere } from '../gateway/connection-counts.ts';

const COUNTS = 65_536;
const FNV_PRIME = 16_777_619;

export class SharedNetworks implements CountsElsewhere {
	readonly #tables: readonly Uint32Array[];
	readonly #own: number;
	readonly #seed: number;

	constructor(tables: readonly Uint32Array[], own: number, seed: number) {
		this.#tables = tables;
		this.#own = own;
		this.#seed = seed;
	}

	/** Of one worker: how many, and their bytes. */
	static readonly counts = COUNTS;
	static readonly tableBytes = COUNTS * Uint32Array.BYTES_PER_ELEMENT;

	used(network: string): number {
		const slot = this.#slotOf(network);
		let used = 0;
		for (const [index, table] of this.#tables.entries()) if (index !== this.#own) used += table[slot] ?? 0;
		return used;
	}

	add(network: string, change: 1 | -1): void {
		const table = this.#tables[this.#own];
		const slot = this.#slotOf(network);
		if (table !== undefined) table[slot] = (table[slot] ?? 0) + change;
	}

	/** FNV-1a, its halves folded together. */
	#slotOf(network: string): number {
		let hash = this.#seed;
		for (let index = 0; index < network.length; index++)
			hash = Math.imul(hash ^ network.charCodeAt(index), FNV_PRIME);
		return ((hash >>> 16) ^ hash) & (COUNTS - 1);
	}
}
