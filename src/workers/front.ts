/** What accepts requests and takes them to functions: a gateway of this process, or several of other processes. */
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { BoundPoint, Gateway, ListenPoint } from '../gateway/gateway.ts';
import type { Route } from '../gateway/route.ts';
import type { Router } from '../gateway/router.ts';
import type { InstancePool } from '../pool/instance-pool.ts';
import type { RequestNames } from '../process/requests-in-flight.ts';

/** One function, or one version of it. */
export interface FrontFunction {
	readonly pool: InstancePool;
	readonly target: FunctionTarget;
}

/** Who answers which requests. */
export interface ServedTable {
	readonly functions: readonly FrontFunction[];
	/** Null: the only function answers all. */
	readonly routes: readonly Route<FrontFunction>[] | null;
	/** Who is asked where no route leads to a function; null: nobody. */
	readonly fallback: Router | null;
}

export interface Front {
	/** Null: it is not of this process. */
	readonly gateway: Gateway | null;
	/** What requests are called that its pools are asked for places; null: by their ids. */
	readonly requestNames: RequestNames | null;
	/** Binds. Port 0 picks a free one. Rejects with ERR_LISTEN_FAILED. */
	listen(point: ListenPoint): Promise<BoundPoint>;
	/** Every point is bound: accepts from now on. Rejects with a RuntimeError. */
	open(): Promise<void>;
	/** Requests that begin from now on go by this table. Resolves when none can go by the former one any more. */
	serve(table: ServedTable): Promise<void>;
	/**
	 * Stops accepting, and lets requests in flight finish. After `graceMs` it calls `giveUp`, with what is left of that time, which ends the
	 * instances, and cuts what is left. Twice is harmless: the shorter grace holds.
	 */
	drain(graceMs: number, giveUp: (leftMs: number) => Promise<void>): Promise<void>;
}
