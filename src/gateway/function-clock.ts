/**
 * The function timeout of one exchange. It stands still while only the client keeps the exchange waiting, so that a
 * slow client does not use up the function's time.
 */
import { monotonicMs } from '../base/clock.ts';
import { Deadline, type DeadlineQueue } from '../base/deadline.ts';

export class FunctionClock {
	readonly #queue: DeadlineQueue;
	readonly #deadline = new Deadline(() => this.#onDeadline());
	readonly #onTimeout: () => void;
	/** When the wait for the client began, or -1. */
	#clientSinceMs = -1;
	/** Time spent on waits for the client that the deadline does not know of. */
	#clientMs = 0;
	#extension: NodeJS.Timeout | null = null;

	constructor(queue: DeadlineQueue, onTimeout: () => void) {
		this.#queue = queue;
		this.#onTimeout = onTimeout;
	}

	/** Grants the whole timeout from now on. */
	start(): void {
		this.stop();
		this.#clientMs = 0;
		if (this.#clientSinceMs >= 0) this.#clientSinceMs = monotonicMs();
		this.#queue.set(this.#deadline);
	}

	stop(): void {
		this.#deadline.clear();
		if (this.#extension === null) return;
		clearTimeout(this.#extension);
		this.#extension = null;
	}

	/** Says whether it is the client that has to act next. */
	waitForClient(waiting: boolean): void {
		if (waiting === this.#clientSinceMs >= 0) return;
		if (!waiting) this.#clientMs += monotonicMs() - this.#clientSinceMs;
		this.#clientSinceMs = waiting ? monotonicMs() : -1;
	}

	#onDeadline(): void {
		if (this.#clientSinceMs >= 0) {
			const nowMs = monotonicMs();
			this.#clientMs += nowMs - this.#clientSinceMs;
			this.#clientSinceMs = nowMs;
		}
		const owedMs = this.#clientMs;
		this.#clientMs = 0;
		if (owedMs <= 0) this.#onTimeout();
		else
			this.#extension = setTimeout(
				() => this.#onDeadline(),
				Math.min(Math.ceil(owedMs), TIMER_MS_MAX),
			).unref();
	}
}

/** setTimeout takes 32 bits. */
const TIMER_MS_MAX = 2_147_000_000;
