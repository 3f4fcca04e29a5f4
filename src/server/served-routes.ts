import type { PlannedRoute } from '../config/serve-settings.ts';
import type { Route } from '../gateway/route.ts';
import type { FrontFunction } from '../workers/front.ts';
import type { HostedFunction } from './hosted-function.ts';

/** Where each route leads; `served` has the function of every plan that a route names. */
export function servedRoutes(
	routes: readonly PlannedRoute[],
	served: ReadonlyMap<string, { readonly hosted: HostedFunction }>,
): readonly Route<FrontFunction>[] {
	return routes.map(({ host, path, match, method, plan }) => {
		const target = served.get(plan)?.hosted;
		if (target === undefined) throw new Error(`the route of ${plan} has a plan`);
		return { host, path, match, method, target };
	});
}
