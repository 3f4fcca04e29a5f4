import type { ListenPlace } from '../engine/listener.ts';
import type { BoundPoint, Gateway, ListenPoint } from '../gateway/gateway.ts';

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

/**
 * Milliseconds that connections without a request are kept for one more, where another process took over. Direct isolation has one port for
 * the function: as long as this process has it, the other's requests wait.
 */
export function courtesyMs(isolation: 'direct' | 'namespace', graceMs: number): number {
	// What comes last needs some of the time itself.
	return isolation === 'direct' ? Math.min(graceMs, 1000) : graceMs * 0.8;
}

/** In the order of the points that it was told. */
export function listeningOf(points: readonly ListenPoint[], gateway: Gateway): readonly Listening[] {
	return points.map(({ at: wanted }, index) => ({ wanted, bound: gateway.point(index) }));
}
