/** The routes of one function, as a config file lists them. */
import type { ConfigNode } from './config-node.ts';
import { type FileContext, MapReader } from './map-reader.ts';
import type { PlannedRoute } from './serve-settings.ts';

export const ROUTE_KEYS = ['host', 'path', 'method', 'match', 'version'] as const;

export const ROUTE_RULES = {
	host: {
		wanted: 'a host name such as api.example.com, or *.example.com, without a port',
		pattern:
			/^(?:\*\.)?(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$|^\[[0-9A-Fa-f:.]+\]$/,
	},
	path: {
		wanted: 'a path that begins with / and has no ?, #, blank or dot segment',
		pattern: /^\/(?!(?:.*\/)?\.{1,2}(?:\/|$))[^?#\s]*$/,
	},
	method: { wanted: 'a method such as GET', pattern: /^[A-Z][A-Z0-9_-]{0,31}$/ },
	match: { wanted: 'exact or prefix', pattern: /^(?:exact|prefix)$/ },
} as const;

/** A route with the place of its mistakes. */
export interface ReadRoute extends PlannedRoute {
	readonly reader: MapReader;
}

/** `owner` is the function's object. `planOf` answers the plan of a version, null for the function itself; undefined where there is none. */
export function readRoutes(
	context: FileContext,
	owner: MapReader,
	node: ConfigNode,
	planOf: (version: string | null) => string | undefined,
	versions: readonly string[],
): ReadRoute[] {
	if (node.kind !== 'list' || node.items.length === 0) {
		owner.wrong(node.at, 'found no list of routes, wanted one such as [{path: /}]', ['routes']);
		return [];
	}
	return node.items.flatMap((item, index): ReadRoute[] => {
		const reader = new MapReader(context, item, [...owner.path, 'routes', index], ROUTE_KEYS);
		const text = (key: keyof typeof ROUTE_RULES) => {
			const { wanted, pattern } = ROUTE_RULES[key];
			return reader.text(key, wanted, (value) => pattern.test(value));
		};
		const [host, routePath, method, match] = [text('host'), text('path'), text('method'), text('match')];
		const wanted =
			versions.length === 0 ? 'none: the function has no versions' : `one of ${versions.join(', ')}`;
		const version = reader.text('version', wanted, (value) => planOf(value) !== undefined);
		const plan = version === null ? undefined : planOf(version ?? null);
		if (plan === undefined || routePath === null || host === null) return [];
		return [
			{
				host: host?.toLowerCase() ?? null,
				path: routePath ?? '/',
				match: match === 'exact' ? 'exact' : 'prefix',
				method: method ?? null,
				plan,
				reader,
			},
		];
	});
}

/** Two routes that take the same requests would leave it to chance who gets them. */
export function judgeConflicts(routes: readonly ReadRoute[]): void {
	const taken = new Map<string, ReadRoute>();
	for (const route of routes) {
		const { host, path, match, method, plan, reader } = route;
		const key = JSON.stringify([host, path, match, method]);
		const other = taken.get(key);
		if (other === undefined) {
			taken.set(key, route);
			continue;
		}
		const { line, column } = other.reader.at;
		const problem = `takes the same requests as the route of ${other.plan} at ${line}:${column}, wanted another host, path or method`;
		reader.wrong(reader.at, `${problem} for ${plan}`);
	}
}
