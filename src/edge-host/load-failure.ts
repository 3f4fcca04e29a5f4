import { RuntimeError } from '../contract/errors.ts';

/** What the engine, or the module itself, says of a module that could not be loaded. */
export function loadFailure(entry: string, error: unknown, stack: string): RuntimeError {
	const { message = String(error) } = (error ?? {}) as { readonly message?: string };
	const [, scheme] =
		/(?:protocol|module:?|package) '?"?(bun|deno):/i.exec(message) ?? /'(bun|deno):\w*'/.exec(message) ?? [];
	if (scheme !== undefined) {
		return new RuntimeError(
			'ERR_EDGE_API_MISSING',
			`${entry} imports a module of ${scheme === 'bun' ? 'Bun' : 'Deno'}’s, which this engine does not have: ${message}`,
			{ cause: error },
		);
	}
	return new RuntimeError('ERR_EDGE_LOAD', `${entry} could not be loaded: ${stack}`, { cause: error });
}
