/** What an observer is told of one exchange: that it began, and once how it ended. */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { RequestObserver } from './request-observer.ts';

export class ExchangeRecord {
	/** Why the client got an error of ours; set before the end. */
	error: RuntimeError | null = null;
	readonly #observer: RequestObserver;
	readonly #requestId: string;
	readonly #beganMs = monotonicMs();
	#ended = false;

	constructor(observer: RequestObserver, requestId: string) {
		this.#observer = observer;
		this.#requestId = requestId;
		observer.began(requestId);
	}

	/** `status` is that of the function's answer, 0 where it gave none. Twice is harmless. */
	end(status: number): void {
		if (this.#ended) return;
		this.#ended = true;
		const durationMs = monotonicMs() - this.#beganMs;
		this.#observer.ended(this.#requestId, { durationMs, status, error: this.error });
	}
}

/** Null where nobody counts: nothing is measured then. */
export function beginRecord(observer: RequestObserver | null, requestId: string): ExchangeRecord | null {
	return observer === null ? null : new ExchangeRecord(observer, requestId);
}
