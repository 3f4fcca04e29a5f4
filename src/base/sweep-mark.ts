/**
 * How many things may be kept before those that nobody needs are looked for: each time twice as many as were left, so that looking costs each
 * of them about one look, however many there are.
 */
export class SweepMark {
	readonly #least: number;
	#at: number;

	constructor(least: number) {
		this.#least = least;
		this.#at = least;
	}

	/** Whether it is time, with so many. */
	isReached(count: number): boolean {
		return count >= this.#at;
	}

	/** They have been looked for, and so many are left. */
	swept(left: number): void {
		this.#at = Math.max(this.#least, left * 2);
	}
}
