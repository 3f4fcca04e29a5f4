/** What the gateway needs of whoever keeps the instances of one function: a place for each request. */
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';

export interface InstanceSource {
	/** A place on an instance that listens, taken at once; null: wait for one. The fast path, which costs no promise. */
	take(requestId: string): LeasedInstance | null;
	/** A place as soon as there is one. Starts an instance where that helps. Those who wait are served in their order. */
	wait(requestId: string): PlaceWait;
}

export interface PlaceWait {
	/**
	 * Rejects with a RuntimeError: ERR_TOO_MANY_REQUESTS (the queue is full, or its deadline has passed), ERR_FUNCTION_DISABLED,
	 * ERR_DRAINING, or why no instance could be started.
	 */
	readonly place: Promise<LeasedInstance>;
	/** The request is gone: its turn passes to the next, and a place that comes nevertheless is given back. Twice is harmless. */
	cancel(): void;
}

/** How a request left its instance. */
export type LeaseEnd =
	/** The instance answered, whatever it said. */
	| 'answered'
	/** The function timeout passed. */
	| 'timeout'
	/** The client left, or the exchange was cut for a reason that says nothing of the instance. */
	| 'abandoned';

/** Who keeps idle connections to an instance. */
export interface ConnectionKeeper {
	/** True: keep none, somebody in another process may be waiting for one to go; false: nobody is any more. */
	makeWay(wanted: boolean): void;
	/** Nobody in this process has a place on the instance. */
	closeIdle(): void;
}

/** An instance with a place taken. The same object for every request on that instance. */
export interface LeasedInstance {
	/** Resolves when the instance is certain to end: its connections are of no use any more. Never rejects. */
	readonly ending: Promise<unknown>;
	/** When its start began, and when it listened: milliseconds of the monotonic clock. */
	readonly life: { readonly startedMs: number; readonly readyMs: number };
	/** The connection that proved readiness, once; its first user carries the first request on it. */
	takeProbe(): Connection | null;
	connect(handler: ConnectionHandler, onOpen: () => void): Connection;
	/** A connection to the instance was lost with a request on it: the true cause, as soon as it is known. */
	causeOfLoss(): Promise<RuntimeError>;
	/** Tells who keeps connections to it; absent: no other process has any. */
	keptBy?(keeper: ConnectionKeeper): void;
	/** A new connection waits for longer than usual, and perhaps for an idle one of another process to go; or none does any more. */
	waits?(waits: boolean): void;
	/** Gives the place back; exactly once for each place. */
	release(requestId: string, end: LeaseEnd): void;
}
