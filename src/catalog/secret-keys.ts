import type { Sealer } from './sealer.ts';

/** Secret keys that are kept at hand; beyond that the longest known are decrypted anew. */
const KEPT_MAX = 64;

/** Secret keys by their encrypted form: decrypting one takes as long as checking a signature does. */
export class SecretKeys {
	readonly #sealer: Pick<Sealer, 'open'>;
	readonly #known = new Map<string, string>();

	constructor(sealer: Pick<Sealer, 'open'>) {
		this.#sealer = sealer;
	}

	of(sealed: string): string {
		const known = this.#known.get(sealed);
		if (known !== undefined) return known;
		const secretKey = this.#sealer.open(sealed);
		this.#known.set(sealed, secretKey);
		for (const oldest of this.#known.keys()) {
			if (this.#known.size <= KEPT_MAX) break;
			this.#known.delete(oldest);
		}
		return secretKey;
	}
}
