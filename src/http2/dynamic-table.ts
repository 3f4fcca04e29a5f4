/** The fields that a peer's earlier field blocks have left to refer to (RFC 7541 sections 2.3.2 and 4), the newest first. */

/** What an entry counts beside its text. */
export const ENTRY_OVERHEAD_BYTES = 32;

export class DynamicTable {
	/** Names and values, the oldest first. */
	#names: string[] = [];
	#values: string[] = [];
	/** Entries at the front that are no more. */
	#gone = 0;
	#bytes = 0;
	#bytesMax: number;

	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
	}

	get length(): number {
		return this.#names.length - this.#gone;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** `index` counts from 0, the newest. */
	name(index: number): string | undefined {
		return index < this.length ? this.#names[this.#names.length - 1 - index] : undefined;
	}

	value(index: number): string {
		return this.#values[this.#values.length - 1 - index] ?? '';
	}

	add(name: string, value: string): void {
		const bytes = name.length + value.length + ENTRY_OVERHEAD_BYTES;
		this.#evict(this.#bytesMax - bytes);
		// Larger than the table: it is empty now, and no error.
		if (bytes > this.#bytesMax) return;
		this.#names.push(name);
		this.#values.push(value);
		this.#bytes += bytes;
	}

	resize(bytesMax: number): void {
		this.#bytesMax = bytesMax;
		this.#evict(bytesMax);
	}

	#evict(bytesMax: number): void {
		while (this.#bytes > bytesMax && this.length > 0) {
			const at = this.#gone++;
			this.#bytes -= (this.#names[at]?.length ?? 0) + (this.#values[at]?.length ?? 0) + ENTRY_OVERHEAD_BYTES;
			this.#names[at] = '';
			this.#values[at] = '';
		}
		// Moved up once in a while only: each entry is moved once on average.
		if (this.#gone < 64 || this.#gone * 2 < this.#names.length) return;
		this.#names = this.#names.slice(this.#gone);
		this.#values = this.#values.slice(this.#gone);
		this.#gone = 0;
	}
}
