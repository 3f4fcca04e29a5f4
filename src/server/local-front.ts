/** A gateway of this process. */
import { type BoundPoint, Gateway, type ListenPoint } from '../gateway/gateway.ts';
import type { GatewayOptions } from '../gateway/gateway-context.ts';
import { RouteTable } from '../gateway/route-table.ts';
import type { Router } from '../gateway/router.ts';
import { RouterChain } from '../gateway/router-chain.ts';
import { TableRouter } from '../gateway/table-router.ts';
import type { Front, ServedTable } from '../workers/front.ts';

export class LocalFront implements Front {
	readonly requestNames = null;
	readonly catalog = null;
	readonly gateway: Gateway;

	/** Throws as Gateway does. */
	constructor(options: Omit<GatewayOptions, 'router'>) {
		this.gateway = new Gateway({ ...options, router: new TableRouter(new RouteTable([])) });
	}

	listen(point: ListenPoint): Promise<BoundPoint> {
		return this.gateway.listen(point);
	}

	async open(): Promise<void> {}

	async serve(table: ServedTable): Promise<void> {
		this.gateway.reroute(routerOf(table));
	}

	drain(graceMs: number, giveUp: (leftMs: number) => Promise<void>): Promise<void> {
		return this.gateway.drain(graceMs, giveUp);
	}
}

/** Routes come before the fallback. */
function routerOf({ functions, routes, fallback }: ServedTable): Router {
	const [only] = functions;
	if (routes === null && only !== undefined) return only.target;
	const targets = (routes ?? []).map((route) => ({ ...route, target: route.target.target }));
	const table = new TableRouter(new RouteTable(targets));
	return fallback === null ? table : new RouterChain([table, fallback]);
}
