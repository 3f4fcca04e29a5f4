/** What accepts requests and takes them to functions: a gateway of this process, or several of other processes. */
import type { CallCount, Caller } from '../gateway/api.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { BoundPoint, Gateway, ListenPoint } from '../gateway/gateway.ts';
import type { GuardedRequest, Verdict } from '../gateway/guard.ts';
import type { RequestObserver } from '../gateway/request-observer.ts';
import type { Route } from '../gateway/route.ts';
import type { Router } from '../gateway/router.ts';
import type { InstancePool } from '../pool/instance-pool.ts';
import type { InstanceSource } from '../pool/instance-source.ts';
import type { RequestNames } from '../process/requests-in-flight.ts';
import type { Log } from '../telemetry/log.ts';
import type { CatalogSettings, DeployedVersion } from './messages.ts';

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
	/** Who of this process is asked where no route leads to a function; null: nobody. Workers have their own, see CatalogCrew. */
	readonly fallback: Router | null;
}

/** What workers ask of the process that has the catalog. */
export interface CatalogOwner {
	/** Who serves it now. Throws ERR_FUNCTION_NOT_FOUND, ERR_VERSION_NOT_FOUND. */
	served(of: DeployedVersion): FrontFunction;
	log(of: DeployedVersion): Log;
	observer(of: DeployedVersion): RequestObserver;
	/** What an authorizer says of a call. */
	judge(apiId: string, request: GuardedRequest): Verdict | Promise<Verdict>;
	/** Counts a call, if it may be made. */
	count(apiId: string, caller: Caller): CallCount | Promise<CallCount>;
}

/** The functions of a catalog, where workers take requests for them. */
export interface CatalogCrew {
	/** Workers that start from now on serve what the catalog says. */
	serveCatalog(settings: CatalogSettings, owner: CatalogOwner): void;
	/** Places for what this process itself asks of a function, which is one of those who ask then. */
	sourceOf(served: FrontFunction): InstanceSource;
	/** Something of a function is different, or of what leads to functions (0). Resolves when nobody begins anything with those `gone`. */
	changed(functionId: number, gone: readonly FrontFunction[]): Promise<void>;
	/** Who wants it again asks anew. False: somebody asks for it now. */
	letGo(served: FrontFunction): boolean;
	/** Resolves when every change so far has taken effect in all workers. */
	settled(): Promise<void>;
}

export interface Front {
	/** Null: it is not of this process. */
	readonly gateway: Gateway | null;
	/** What requests are called that its pools are asked for places; null: by their ids. */
	readonly requestNames: RequestNames | null;
	/** Null: functions of the catalog get their requests in this process. */
	readonly catalog: CatalogCrew | null;
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
