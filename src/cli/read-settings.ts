import { ConfigError } from '../config/config-error.ts';
import { resolveSettings } from '../config/resolve-settings.ts';
import type { RunSettings } from '../config/run-settings.ts';
import type { Invocation } from './command.ts';

/** The settings that a command line asks for. Throws a ConfigError with every mistake in it. */
export function readSettings(invocation: Invocation): RunSettings {
	const { arguments: given, environment, workingFolder } = invocation;
	if (given.mistakes.some(({ source }) => source === 'DIR')) throw new ConfigError(given.mistakes);
	return resolveSettings({
		folder: given.parameters[0] ?? '.',
		workingFolder,
		environment,
		flags: given.settings,
		configPath: given.options.get('--config')?.[0] ?? null,
		mistakes: given.mistakes,
	});
}
