import type { UsageElsewhere } from '../base/usage-elsewhere.ts';

/** One bound of the host: a number of each worker. Two workers that look at the same moment may both take what is left last. */
export class SharedUsage implements UsageElsewhere {
	readonly #cells: Float64Array;
	readonly #own: number;

	/** `own`: the index of this worker's cell. */
	constructor(cells: Float64Array, own: number) {
		this.#cells = cells;
		this.#own = own;
	}

	get processes(): number {
		return this.#cells.length;
	}

	used(): number {
		let used = 0;
		for (const [index, amount] of this.#cells.entries()) if (index !== this.#own) used += amount;
		return used;
	}

	tell(amount: number): void {
		this.#cells[this.#own] = amount;
	}
}
