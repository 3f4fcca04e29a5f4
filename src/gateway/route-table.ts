/**
 * Who answers which requests. Of the routes that match, the first counts in this order:
 *
 *   host:   the very name, then the longest `*.suffix`, then any
 *   path:   the very path, then one with parameters, then the longest prefix
 *   method: the one named, then any
 *
 * Paths are compared as they were sent. One that would lead to another function once it is read as canonicalPath does leads
 * nowhere: otherwise `/open/../closed` would get to the function of `/open`, which may serve it as `/closed`.
 */
import { canonicalPath } from './canonical-path.ts';
import { HostRoutes } from './host-routes.ts';
import type { Route } from './route.ts';

export class RouteTable<Target extends object> {
	readonly #asSent: HostRoutes<Target>;
	readonly #canonical: HostRoutes<Target>;

	/** Of two routes that differ in their targets only, the first counts. */
	constructor(routes: readonly Route<Target>[]) {
		this.#asSent = new HostRoutes(routes);
		const canonical = routes.map((route) => ({ ...route, path: canonicalPath(route.path) }));
		const same = canonical.every((route, index) => route.path === routes[index]?.path);
		this.#canonical = same ? this.#asSent : new HostRoutes(canonical);
	}

	find(method: string, host: string, target: string): Target | null {
		const queryFrom = target.indexOf('?');
		const path = queryFrom < 0 ? target : target.slice(0, queryFrom);
		const found = this.#asSent.find(method, host, path);
		const canonical = canonicalPath(path);
		if (found === null || canonical === path) return found;
		return this.#canonical.find(method, host, canonical) === found ? found : null;
	}
}
