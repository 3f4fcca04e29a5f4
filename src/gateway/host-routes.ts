/** The routes of a gateway, by host; each host's own are PathRoutes. */
import { PathRoutes } from './path-routes.ts';
import type { Route } from './route.ts';

/** A name in the DNS is no longer; a Host header may be, and each of its dots would cost a look. */
const NAME_CHARS_MAX = 253;

export class HostRoutes<Target extends object> {
	readonly #exact = new Map<string, PathRoutes<Target>>();
	/** `*.example.com` under `.example.com`. */
	readonly #suffixes = new Map<string, PathRoutes<Target>>();
	readonly #any = new PathRoutes<Target>();

	constructor(routes: readonly Route<Target>[]) {
		for (const route of routes) this.#of(route.host).add(route);
	}

	find(method: string, host: string, path: string): Target | null {
		if (this.#exact.size === 0 && this.#suffixes.size === 0) return this.#any.find(method, path);
		const name = hostName(host);
		return (
			this.#exact.get(name)?.find(method, path) ??
			this.#findBySuffix(method, name, path) ??
			this.#any.find(method, path)
		);
	}

	#findBySuffix(method: string, name: string, path: string): Target | null {
		if (this.#suffixes.size === 0 || name.length > NAME_CHARS_MAX) return null;
		for (let dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
			const found = this.#suffixes.get(name.slice(dot))?.find(method, path) ?? null;
			if (found !== null) return found;
		}
		return null;
	}

	#of(host: string | null): PathRoutes<Target> {
		if (host === null) return this.#any;
		const name = hostName(host);
		const [hosts, key] = name.startsWith('*.')
			? ([this.#suffixes, name.slice(1)] as const)
			: ([this.#exact, name] as const);
		let routes = hosts.get(key);
		if (routes === undefined) {
			routes = new PathRoutes<Target>();
			hosts.set(key, routes);
		}
		return routes;
	}
}

/** In lower case, without the port and the dot of the root. */
function hostName(authority: string): string {
	const lower = authority.toLowerCase();
	const end = lower.indexOf(':', lower.lastIndexOf(']') + 1);
	const name = end < 0 ? lower : lower.slice(0, end);
	return name.endsWith('.') ? name.slice(0, -1) : name;
}
