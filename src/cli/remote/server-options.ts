import { ConfigError } from '../../config/config-error.ts';
import { resolveServer, SERVER_DEFAULTS } from '../../config/server-address.ts';
import type { CommandOption, Invocation } from '../command.ts';
import { ownOption } from '../command-options.ts';
import { ControlClient } from './control-client.ts';

const SERVER = 'Server';

/** Which server, as whom: of every command that speaks to one. */
export const CONTEXT_OPTIONS: readonly CommandOption[] = [
	ownOption('--context', 'NAME', SERVER, 'Server to speak to, by the name that httpfn login gave it.', {
		fallbackText: 'the one that httpfn context use chose',
	}),
	ownOption(
		'--endpoint',
		'URL',
		SERVER,
		'Server to speak to, by its address; keys then come from variables.',
		{
			fallbackText: SERVER_DEFAULTS.endpoint,
		},
	),
];

export const SERVER_OPTIONS: readonly CommandOption[] = [
	...CONTEXT_OPTIONS,
	ownOption('--project-id', 'ID', SERVER, 'Project that the functions belong to.', {
		fallbackText: `that of the context, or ${SERVER_DEFAULTS.projectId}`,
	}),
	ownOption('--region', 'REGION', SERVER, 'Region that URNs name.', {
		fallbackText: `that of the context, or ${SERVER_DEFAULTS.region}`,
	}),
];

/** What help pages of these commands say of credentials. */
export const SERVER_NOTE =
	'The server is that of the context in use, else http://127.0.0.1:9080. Its keys are those of the context, else HW_ACCESS_KEY and ' +
	'HW_SECRET_KEY, else HW_AUTH_TOKEN; a server of this machine without users needs none.';

/** Throws a ConfigError with all that is wrong with the command line. */
export function openServer({ arguments: given, environment }: Invocation): ControlClient {
	const { options, mistakes } = given;
	return new ControlClient(resolveServer({ options, environment, mistakes }));
}

/** For commands without settings: parsing alone has judged them. */
export function throwMistakes({ arguments: given }: Invocation): void {
	if (given.mistakes.length > 0) throw new ConfigError(given.mistakes);
}
