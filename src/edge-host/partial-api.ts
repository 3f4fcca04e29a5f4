import { RuntimeError } from '../contract/errors.ts';

/**
 * `parts` of an API that another engine has whole. What is asked for beyond is refused in a sentence, when it is asked for. Names that
 * every object has, and those that engines ask each object for, are only undefined.
 */
export function partialApi(name: string, parts: object): object {
	return new Proxy(parts, {
		get(target, key) {
			if (typeof key === 'symbol' || key in target || QUIET.has(key)) return Reflect.get(target, key);
			throw missingApi(`${name}.${key}`);
		},
	});
}

const QUIET = new Set(['then', 'toJSON', '__esModule', 'default']);

/** `what` is the API as code names it: `Bun.password`. */
export function missingApi(what: string): RuntimeError {
	const [owner = ''] = what.split('.');
	return new RuntimeError(
		'ERR_EDGE_API_MISSING',
		`${what} is not there: this engine is not ${owner}, and httpfn does not supply it`,
	);
}
