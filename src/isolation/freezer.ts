/**
 * Milliseconds between two looks whether a freeze is complete: who waits for a processor has to get one to stop, and a process in a call that
 * can not be interrupted has to come out of it.
 */
export const FREEZE_STEPS_MS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Takes the processor from an instance, and gives it back. */
export interface Freezing {
	/** Takes effect at once, or soon. Resolves with whether every process stands still; never rejects. */
	freeze(): Promise<boolean>;
	thaw(): void;
}

export class Freezer implements Freezing {
	readonly #way: Freezing;
	#frozen: Promise<boolean> | null = null;

	constructor(way: Freezing) {
		this.#way = way;
	}

	/** Twice is harmless. */
	freeze(): Promise<boolean> {
		this.#frozen ??= this.#way.freeze();
		return this.#frozen;
	}

	/** Twice is harmless. */
	thaw(): void {
		if (this.#frozen === null) return;
		this.#frozen = null;
		this.#way.thaw();
	}
}
