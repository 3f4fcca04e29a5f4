/** Who is told of each request that a function gets, whatever becomes of it. */
import type { RuntimeError } from '../contract/errors.ts';

export interface RequestObserver {
	began(requestId: string): void;
	/** Exactly once for each that began. */
	ended(requestId: string, outcome: RequestOutcome): void;
}

export interface RequestOutcome {
	/** Milliseconds since it began, a cold start included. */
	readonly durationMs: number;
	/** Of the function's answer; 0 where it gave none. */
	readonly status: number;
	/** Why the client got an error of ours instead; null where it did not. */
	readonly error: RuntimeError | null;
}
