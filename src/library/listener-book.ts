import type { RuntimeEvents, RuntimeListener, RuntimeListeners } from './runtime.ts';

type Name = keyof RuntimeEvents;
/** What a name is told is of its type: `add` and `tell` see to it. */
type AnyListener = RuntimeListener<Name>;

/** Who wants to know of what. */
export class ListenerBook {
	readonly #listeners = new Map<Name, Set<AnyListener>>();

	constructor(listeners: RuntimeListeners) {
		for (const [name, listener] of Object.entries(listeners)) {
			if (listener !== undefined) this.#add(name as Name, listener as AnyListener);
		}
	}

	/** Answers how it ends. Twice is harmless. */
	add<N extends Name>(name: N, listener: RuntimeListener<N>): () => void {
		return this.#add(name, listener as AnyListener);
	}

	/** Never throws: what a listener throws is for whoever wrote it, not for a request that happens to be under way. */
	tell<N extends Name>(name: N, event: RuntimeEvents[N]): void {
		for (const listener of [...(this.#listeners.get(name) ?? [])]) {
			try {
				listener(event);
			} catch (error) {
				queueMicrotask(() => {
					throw error;
				});
			}
		}
	}

	#add(name: Name, listener: AnyListener): () => void {
		const known = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, known);
		// Of its own, so that one function that was added twice is told twice, and each ends for itself.
		const entry: AnyListener = (event) => listener(event);
		known.add(entry);
		return () => void known.delete(entry);
	}
}
