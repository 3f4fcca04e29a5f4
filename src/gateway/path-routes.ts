/** The routes of one host, by path and method. */
import type { FunctionTarget } from './function-target.ts';
import type { Route } from './route.ts';

interface MethodRoutes {
	any: FunctionTarget | null;
	byName: Map<string, FunctionTarget> | null;
}

export class PathRoutes {
	readonly #exact = new Map<string, MethodRoutes>();
	/** Without the slash at their end: the prefix `/` is the empty text. */
	readonly #prefixes = new Map<string, MethodRoutes>();
	/** The different lengths of the prefixes, longest first: however many routes there are, these are few. */
	readonly #prefixLengths: number[] = [];

	/** Of two routes that are the same the first stays. */
	add(route: Route): void {
		const { method, target } = route;
		const routes = route.match === 'exact' ? methodsAt(this.#exact, route.path) : this.#prefix(route.path);
		if (method === null) {
			routes.any ??= target;
			return;
		}
		routes.byName ??= new Map();
		if (!routes.byName.has(method)) routes.byName.set(method, target);
	}

	find(method: string, path: string): FunctionTarget | null {
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

	#prefix(path: string): MethodRoutes {
		const prefix = path.endsWith('/') ? path.slice(0, -1) : path;
		if (!this.#prefixLengths.includes(prefix.length)) {
			this.#prefixLengths.push(prefix.length);
			this.#prefixLengths.sort((a, b) => b - a);
		}
		return methodsAt(this.#prefixes, prefix);
	}
}

function methodsAt(paths: Map<string, MethodRoutes>, path: string): MethodRoutes {
	let routes = paths.get(path);
	if (routes === undefined) {
		routes = { any: null, byName: null };
		paths.set(path, routes);
	}
	return routes;
}

function ofMethod(routes: MethodRoutes | undefined, method: string): FunctionTarget | null {
	return routes?.byName?.get(method) ?? routes?.any ?? null;
}
