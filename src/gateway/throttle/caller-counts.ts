/** Callers with a count of their own. */
const CALLERS_MAX = 10_000;
/** A longer name would cost more than a count is worth. */
const KEY_CHARS_MAX = 256;

/** Calls of each caller. Memory is bounded: callers beyond the first 10,000 have one count in common. */
export class CallerCounts {
	readonly #counts = new Map<string, number>();
	#others = 0;

	of(key: string): number {
		return this.#isOwn(key) ? (this.#counts.get(key) ?? 0) : this.#others;
	}

	add(key: string): void {
		if (this.#isOwn(key)) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
		else this.#others += 1;
	}

	clear(): void {
		this.#counts.clear();
		this.#others = 0;
	}

	#isOwn(key: string): boolean {
		if (key.length > KEY_CHARS_MAX) return false;
		return this.#counts.size < CALLERS_MAX || this.#counts.has(key);
	}
}
