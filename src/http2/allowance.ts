/**
 * How often a peer may do what costs us more than it. It begins with `burst`, grows with time and with what the peer does of use,
 * and never beyond `burst`.
 */
export class Allowance {
	readonly #burst: number;
	readonly #perSecond: number;
	#left: number;
	#atMs: number;

	constructor(burst: number, perSecond: number, nowMs: number) {
		this.#burst = burst;
		this.#perSecond = perSecond;
		this.#left = burst;
		this.#atMs = nowMs;
	}

	earn(count: number): void {
		this.#left = Math.min(this.#burst, this.#left + count);
	}

	/** False: it is used up. Looks at the time only where it would be. */
	spend(nowMs: () => number): boolean {
		if (this.#left < 1) {
			const now = nowMs();
			this.earn(((now - this.#atMs) / 1000) * this.#perSecond);
			this.#atMs = now;
		}
		if (this.#left < 1) return false;
		this.#left--;
		return true;
	}
}
