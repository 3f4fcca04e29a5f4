/** Callers with a count of their own. */
const CALLERS_MAX = 10_000;
/** A longer name would cost more than a count is worth. */
const KEY_CHARS_MAX = 256;
/** Counts that the others share, in each of two rows; a power of two. */
const SHARED_COUNTS = 4096;

/**
 * Calls of each caller, in bounded memory: the first 10,000 have counts of their own. Those of the others are spread over counts that
 * they share, two for each caller, of which the lower holds (a count-min sketch with conservative update: Estan and Varghese, 2002). So
 * nobody is counted too few calls, and one is counted too many only where both counts are others' too.
 */
export class CallerCounts {
	readonly #own = new Map<string, number>();
	/** Unknown to callers, who could choose names that share another's counts otherwise. */
	readonly #seed: number;
	#rows: readonly [Uint32Array, Uint32Array] | null = null;

	constructor(seed = Math.floor(Math.random() * 2 ** 32)) {
		this.#seed = seed;
	}

	of(key: string): number {
		if (this.#isOwn(key)) return this.#own.get(key) ?? 0;
		const [first, second] = this.#shared(key);
		return Math.min(first, second);
	}

	add(key: string): void {
		if (this.#isOwn(key)) {
			this.#own.set(key, (this.#own.get(key) ?? 0) + 1);
			return;
		}
		this.#rows ??= [new Uint32Array(SHARED_COUNTS), new Uint32Array(SHARED_COUNTS)];
		const [first, second] = this.#shared(key);
		const least = Math.min(first, second);
		const [one, other] = this.#places(key);
		if (first === least) this.#rows[0][one] = least + 1;
		if (second === least) this.#rows[1][other] = least + 1;
	}

	clear(): void {
		this.#own.clear();
		this.#rows = null;
	}

	#isOwn(key: string): boolean {
		if (key.length > KEY_CHARS_MAX) return false;
		return this.#own.size < CALLERS_MAX || this.#own.has(key);
	}

	#shared(key: string): readonly [number, number] {
		if (this.#rows === null) return [0, 0];
		const [one, other] = this.#places(key);
		return [this.#rows[0][one] ?? 0, this.#rows[1][other] ?? 0];
	}

	#places(key: string): readonly [number, number] {
		const hash = hashOf(key, this.#seed);
		return [hash & (SHARED_COUNTS - 1), hashOf(key, hash ^ 0x9e3779b9) & (SHARED_COUNTS - 1)];
	}
}

/** FNV-1a, and the last steps of MurmurHash3, without which its low bits follow those of the key. */
function hashOf(key: string, seed: number): number {
	let hash = seed >>> 0;
	for (let index = 0; index < key.length; index++)
		hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
