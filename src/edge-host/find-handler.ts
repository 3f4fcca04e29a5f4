/** What of a module's exports answers requests. */
import { RuntimeError } from '../contract/errors.ts';
import type { ModuleExports } from '../engine/import-file.ts';

/** As Workers call it; `this` is bound. May throw, and may answer what is no Response. */
export type Handler = (request: Request, env: unknown, context: unknown) => unknown;

/**
 * The default export: an object with `fetch` (Workers, Bun, Deno, a hono application), or a function of a request. Null where there is
 * none. Throws ERR_EDGE_HANDLER for one that is something else.
 */
export function findHandler(exports: ModuleExports): Handler | null {
	let found = exports.default;
	// What was CommonJS made from an ES module has its default export one level down.
	if (isObject(found) && found.__esModule === true && 'default' in found) found = found.default;
	if (found === undefined || found === null) return null;
	if (typeof found === 'function' && isClass(found)) throw unusable('a class');
	const owner = found as { readonly fetch?: unknown };
	if (typeof owner.fetch === 'function') return owner.fetch.bind(found) as Handler;
	if (typeof found === 'function') return found as Handler;
	// module.exports = {} of a file that exports nothing.
	if (isObject(found) && Object.keys(found).length === 0) return null;
	throw unusable(isObject(found) ? `an object with ${names(found)}` : `${typeof found} ${String(found)}`);
}

export function noHandler(entry: string): RuntimeError {
	return new RuntimeError(
		'ERR_EDGE_HANDLER',
		`${entry} has no default export, and started no server: ${WANTED}`,
	);
}

const WANTED =
	'wanted export default { fetch(request, env, ctx) }, a hono application, a function of a request, or a call of Bun.serve or Deno.serve';

function unusable(what: string): RuntimeError {
	return new RuntimeError('ERR_EDGE_HANDLER', `the default export is ${what}, without fetch: ${WANTED}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function isClass(value: object): boolean {
	return /^class\b/.test(Function.prototype.toString.call(value));
}

function names(value: object): string {
	const keys = Object.keys(value);
	return keys.length === 0 ? 'nothing in it' : keys.slice(0, 5).join(', ');
}
