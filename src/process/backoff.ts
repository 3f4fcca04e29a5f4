/** When the next start may be: at once after the first death, then later and later while the deaths go on. */
import { monotonicMs } from '../base/clock.ts';

const FIRST_MS = 100;
const LONGEST_MS = 10_000;
/** Having been ready for so long ends a series of deaths. */
export const STEADY_MS = 10_000;

export class Backoff {
	#deaths = 0;
	#nextStartMs = 0;

	/** Deaths in a row. */
	get deaths(): number {
		return this.#deaths;
	}

	/** Answers the wait. `readyForMs` is how long the instance that died had been ready; 0 when it never was. */
	died(readyForMs: number, nowMs: number = monotonicMs()): number {
		this.#deaths = readyForMs >= STEADY_MS ? 1 : this.#deaths + 1;
		const waitMs = backoffMs(this.#deaths);
		this.#nextStartMs = nowMs + waitMs;
		return waitMs;
	}

	/** Milliseconds until the next start may be; 0: now. */
	waitMs(nowMs: number = monotonicMs()): number {
		return Math.max(0, this.#nextStartMs - nowMs);
	}
}

/** 0, 100, 200, 400 … 10,000 ms. */
function backoffMs(deaths: number): number {
	if (deaths <= 1) return 0;
	return Math.min(LONGEST_MS, FIRST_MS * 2 ** (deaths - 2));
}
