/** The routes of one host, by path and method. */
import type { Route } from './route.ts';

interface MethodRoutes<Target> {
	any: Target | null;
	byName: Map<string, Target> | null;
}

export class PathRoutes<Target extends object> {
	readonly #exact = new Map<string, MethodRoutes<Target>>();
	/** Without the slash at their end: the prefix `/` is the empty text. */
	readonly #prefixes = new Map<string, MethodRoutes<Target>>();
	/** The different lengths of the prefixes, longest first: however many routes there are, these are few. */
	readonly #prefixLengths: number[] = [];

	/** Of two routes that are the same the first stays. */
	add(route: Route<Target>): void {
		const { method, target } = route;
		const routes = route.match === 'exact' ? methodsAt(this.#exact, route.path) : this.#prefix(route.path);
		if (method === null) {
			routes.any ??= target;
			return;
		}
		routes.byName ??= new Map();
		if (!routes.byName.has(method)) routes.byName.set(method, target);
	}

	find(method: string, path: string): Target | null {
		const exact = ofMethod(this.#exact.get(path), method);
		if (exact !== null) return exact;
		for (const length of this.#prefixLengths) {
			// 0x2f is '/': a prefix ends where a segment does.
			if (length > path.length || (length < path.length && path.charCodeAt(length) !== 0x2f)) continue;
			const found = ofMethod(this.#prefixes.get(path.slice(0, length)), method);
			if (found !== null) return found;
		}
		return null;
	}

	#prefix(path: string): MethodRoutes<Target> {
		const prefix = path.endsWith('/') ? path.slice(0, -1) : path;
		if (!this.#prefixLengths.includes(prefix.length)) {
			this.#prefixLengths.push(prefix.length);
			this.#prefixLengths.sort((a, b) => b - a);
		}
		return methodsAt(this.#prefixes, prefix);
	}
}

function methodsAt<Target>(paths: Map<string, MethodRoutes<Target>>, path: string): MethodRoutes<Target> {
	let routes = paths.get(path);
	if (routes === undefined) {
		routes = { any: null, byName: null };
		paths.set(path, routes);
	}
	return routes;
}

function ofMethod<Target>(routes: MethodRoutes<Target> | undefined, method: string): Target | null {
	return routes?.byName?.get(method) ?? routes?.any ?? null;
}
