/** The moment in which a pool that takes no request any more has none left. */
export class Quiet {
	readonly #waiting = new Set<() => void>();

	/** Resolves when it has come, or so many milliseconds have passed. */
	within(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const end = (): void => {
				clearTimeout(timer);
				this.#waiting.delete(end);
				resolve();
			};
			const timer = setTimeout(end, ms);
			this.#waiting.add(end);
		});
	}

	/** Whoever waits for it goes on. Twice is harmless. */
	come(): void {
		for (const end of [...this.#waiting]) end();
	}
}
