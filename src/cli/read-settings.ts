import { ConfigError } from '../config/config-error.ts';
import { givenSettings, resolveSettings, type SettingsInput } from '../config/resolve-settings.ts';
import type { RunSettings } from '../config/run-settings.ts';
import type { FieldKey } from '../config/schema.ts';
import type { Invocation } from './command.ts';

/** The settings that a command line asks for. Throws a ConfigError with every mistake in it. */
export function readSettings(invocation: Invocation): RunSettings {
	const { mistakes } = invocation.arguments;
	if (mistakes.some(({ source }) => source.startsWith('DIR'))) throw new ConfigError(mistakes);
	return resolveSettings(settingsInput(invocation));
}

/** Those of them that are not the defaults of nobody having said anything. */
export function readGivenSettings(invocation: Invocation): ReadonlySet<FieldKey> {
	return givenSettings(settingsInput(invocation));
}

function settingsInput(invocation: Invocation): SettingsInput {
	const { arguments: given, environment, workingFolder, terminal, coloured } = invocation;
	return {
		folder: given.parameters[0] ?? '.',
		workingFolder,
		environment,
		flags: given.settings,
		configPath: given.options.get('--config')?.[0] ?? null,
		reader: { terminal, coloured },
		mistakes: given.mistakes,
	};
}
