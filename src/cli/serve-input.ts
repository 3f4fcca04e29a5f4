import type { ServeInput } from '../config/resolve-serve.ts';
import type { Invocation } from './command.ts';

/** What a command line says of the settings of several functions. */
export function serveInput({ arguments: given, environment, workingFolder }: Invocation): ServeInput {
	return {
		workingFolder,
		environment,
		flags: given.settings,
		configPath: given.options.get('--config')?.[0] ?? null,
		mistakes: given.mistakes,
	};
}
