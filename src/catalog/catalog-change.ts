/** What happened to a function, or to what leads to it; told after it is on the disk. */
export interface CatalogChange {
	/**
	 * `removed`: the function and all that belonged to it. `app`: apps, their codes, what they may call, authorizers; `policy`:
	 * throttles, address lists, CORS, domains.
	 */
	readonly kind: 'function' | 'alias' | 'trigger' | 'reserved' | 'removed' | 'app' | 'policy';
	/** 0 where it concerns none. */
	readonly functionId: number;
	/** Of a trigger: whose group it was or is. */
	readonly groupId?: string;
}

export type ChangeListener = (change: CatalogChange) => void;

export class CatalogChanges {
	readonly #listeners = new Set<ChangeListener>();

	/** Answers how to stop listening. */
	listen(listener: ChangeListener): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	/** All listeners are told, even if one of them throws; the first such error then goes to whoever made the change. */
	tell(change: CatalogChange): void {
		const failures: unknown[] = [];
		for (const listener of [...this.#listeners]) {
			try {
				listener(change);
			} catch (error) {
				failures.push(error);
			}
		}
		if (failures.length > 0) throw failures[0];
	}
}
