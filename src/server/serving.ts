import type { ListenPlace } from '../engine/listener.ts';
import type { BoundPoint, ListenPoint } from '../gateway/gateway.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Front } from '../workers/front.ts';

/** Where it was told to listen, and where it does. */
export interface Listening {
	readonly wanted: ListenPlace;
	readonly bound: BoundPoint;
}

/** What serves, as whoever looks after it sees it: `run` and `serve` are the same to them. */
export interface Serving {
	/** Null: other processes accept (workers). */
	readonly listening: readonly Listening[] | null;
	/** Where the control plane listens; null: there is none. */
	readonly controlAddress: { readonly host: string; readonly port: number } | null;
	/** Resolves when each listener of this process has answered a request of our own; rejects with why not. */
	checkSelf(timeoutMs: number): Promise<void>;
	/** Lets another process have the state folder: no call of the API is taken until `takeBackState`. */
	lendState(graceMs: number): Promise<void>;
	takeBackState(): Promise<void>;
	/**
	 * Stops accepting, lets what is in flight end within the grace, then ends the functions. Twice: the shorter grace holds. `handedOver`:
	 * another process accepts on the same sockets, so that whoever still comes to this one is served and sent there.
	 */
	stop(graceMs: number, handedOver?: boolean): Promise<void>;
}

/** In the order of the points that it was told. */
export function listeningOf(points: readonly ListenPoint[], { gateway }: Front): Serving['listening'] {
	if (gateway === null) return null;
	return points.map(({ at: wanted }, index) => ({ wanted, bound: gateway.point(index) }));
}

export interface Leave {
	readonly graceMs: number;
	/** Another process accepts on the same sockets. */
	readonly handedOver: boolean;
	/** Ends the functions, in what is left of the grace. */
	readonly giveUp: (leftMs: number) => Promise<void>;
}

/** Stops accepting, and lets what is in flight end within the grace: here or, where another process took over, there. */
export function leave(
	front: Front,
	isolation: Isolation['kind'],
	{ graceMs, handedOver, giveUp }: Leave,
): Promise<void> {
	const { gateway } = front;
	if (!handedOver || gateway === null) return front.drain(graceMs, giveUp);
	return gateway.handOver(graceMs, courtesyMs(isolation, graceMs), giveUp);
}

/**
 * Milliseconds that connections without a request are kept for one more, where another process took over. Direct isolation has one port for
 * the function: as long as this process has it, the other's requests wait.
 */
function courtesyMs(isolation: Isolation['kind'], graceMs: number): number {
	// What comes last needs some of the time itself.
	return isolation === 'direct' ? Math.min(graceMs, 1000) : graceMs * 0.8;
}
