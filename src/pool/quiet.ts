/** The moment in which a pool that takes no request any more has none left. */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';

const NEWS_MS = 20;

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

	/**
	 * Resolves when `isBusy` says that nothing goes on, or so many milliseconds have passed. `withNews`: of an edge function, whose work
	 * after an answer is told another way than the answer, and perhaps a moment later.
	 */
	async settled(ms: number, isBusy: () => boolean, withNews: boolean): Promise<void> {
		const endMs = monotonicMs() + ms;
		if (isBusy()) await this.within(ms);
		if (withNews) await delay(Math.min(NEWS_MS, ms));
		if (isBusy()) await this.within(Math.max(0, endMs - monotonicMs()));
	}

	/** Whoever waits for it goes on. Twice is harmless. */
	come(): void {
		for (const end of [...this.#waiting]) end();
	}
}
