/** The routes of one host, by path and method. */
import { type MethodRoutes, newMethodRoutes, ofMethod } from './method-routes.ts';
import { ParameterRoutes } from './parameter-routes.ts';
import type { Route } from './route.ts';

export class PathRoutes<Target extends object> {
	readonly #exact = new Map<string, MethodRoutes<Target>>();
	/** Without the slash at their end: the prefix `/` is the empty text. */
	readonly #prefixes = new Map<string, MethodRoutes<Target>>();
	/** The different lengths of the prefixes, longest first: however many routes there are, these are few. */
	readonly #prefixLengths: number[] = [];
	/** Those with parameters; null: there are none. */
	#templates: ParameterRoutes<Target> | null = null;

	/** Of two routes that are the same the first stays. */
	add(route: Route<Target>): void {
		const { method, target } = route;
		const routes = this.#methods(route);
		if (method === null) {
			routes.any ??= target;
			return;
		}
		routes.byName ??= new Map();
		if (!routes.byName.has(method)) routes.byName.set(method, target);
	}

	find(method: string, path: string): Target | null {
		const exact = ofMethod(this.#exact.get(path), method);
		if (exact !== null || this.#templates === null) return exact ?? this.#findPrefix(method, path, 0);
		const templated = this.#templates.findExact(method, path);
		if (templated !== null) return templated;
		const prefix = this.#templates.findPrefix(method, path);
		return this.#findPrefix(method, path, prefix?.chars ?? 0) ?? prefix?.target ?? null;
	}

	/** The longest that holds for at least so many characters. */
	#findPrefix(method: string, path: string, charsMin: number): Target | null {
		for (const length of this.#prefixLengths) {
			if (length < charsMin) return null;
			// 0x2f is '/': a prefix ends where a segment does.
			if (length > path.length || (length < path.length && path.charCodeAt(length) !== 0x2f)) continue;
			const found = ofMethod(this.#prefixes.get(path.slice(0, length)), method);
			if (found !== null) return found;
		}
		return null;
	}

	#methods({ path, match }: Route<Target>): MethodRoutes<Target> {
		if (ParameterRoutes.isTemplate(path)) {
			this.#templates ??= new ParameterRoutes<Target>();
			return this.#templates.at(path, match);
		}
		return match === 'exact' ? methodsAt(this.#exact, path) : this.#prefix(path);
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
		routes = newMethodRoutes();
		paths.set(path, routes);
	}
	return routes;
}
