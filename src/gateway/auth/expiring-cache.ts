/** Values that count for a while; beyond a number of them, the one that was used longest ago is forgotten. */
export class ExpiringCache<Value> {
	readonly #countMax: number;
	readonly #ttlMs: number;
	/** In the order in which they were used, the longest ago first. */
	readonly #entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();

	constructor(countMax: number, ttlMs: number) {
		this.#countMax = countMax;
		this.#ttlMs = ttlMs;
	}

	get count(): number {
		return this.#entries.size;
	}

	get(key: string, nowMs: number): Value | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		this.#entries.delete(key);
		if (nowMs >= entry.untilMs) return undefined;
		this.#entries.set(key, entry);
		return entry.value;
	}

	set(key: string, value: Value, nowMs: number): void {
		this.#entries.delete(key);
		this.#entries.set(key, { value, untilMs: nowMs + this.#ttlMs });
		for (const oldest of this.#entries.keys()) {
			if (this.#entries.size <= this.#countMax) break;
			this.#entries.delete(oldest);
		}
	}
}
