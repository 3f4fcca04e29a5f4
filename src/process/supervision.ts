/** What the gateway needs of whoever keeps a function's instance alive. */
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection } from '../engine/connection.ts';

export interface Supervision {
	/** True while an instance listens: the fast path that costs no promise. */
	readonly ready: boolean;
	/** Resolves when an instance listens, starting one if there is none. Rejects with a RuntimeError. */
	whenReady(): Promise<void>;
	/** The connection that proved readiness, once; its first user carries the first request on it. */
	takeProbe(): Connection | null;
	/** Marks a request as in flight; its id stands on log lines while it is the only one. */
	enter(requestId: string): void;
	leave(requestId: string): void;
	/** A connection to the function was lost with a request on it: the true cause, as soon as it is known. */
	causeOfLoss(): Promise<RuntimeError>;
	/** Drains nothing: ends the instance (SIGTERM, grace, SIGKILL) and leaves no process. Twice is harmless. */
	stop(): Promise<void>;
}
