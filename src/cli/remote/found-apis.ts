/** The APIs of a function's triggers, as command lines name them. */
import { ConfigError, usageMistake } from '../../config/config-error.ts';
import type { CommandOption, CommandParameter, Invocation } from '../command.ts';
import { ownOption } from '../command-options.ts';
import type { TriggerAnswer } from './answers.ts';
import { foundFunction } from './found-function.ts';
import { ALIAS_OPTION, functionReference, PACKAGE_OPTION } from './function-reference.ts';
import { openServer } from './server-options.ts';

export const API_PARAMETER: CommandParameter = {
	name: 'FUNCTION[:VERSION]',
	required: true,
	sentence: 'Function whose triggers are meant; with a version, those of that version.',
};

export const API_OPTIONS: readonly CommandOption[] = [
	ownOption('--path', '/P', 'Trigger', 'Only the trigger of this path.', {
		fallbackText: 'all of its triggers',
	}),
	ALIAS_OPTION,
	PACKAGE_OPTION,
];

/** The triggers that the parameter at `at` means, of those with this auth, or any. Throws a ConfigError where there are none. */
export async function foundTriggers(
	invocation: Invocation,
	at: number,
	auth: 'APP' | null = null,
): Promise<readonly TriggerAnswer[]> {
	const reference = functionReference(invocation, at);
	const { api } = await foundFunction(openServer(invocation), reference);
	const path = invocation.arguments.options.get('--path')?.[0];
	const triggers = (await api.triggers(reference.qualifier)).filter(
		({ event_data: data }) =>
			(auth === null || data.auth === auth) && (path === undefined || data.path === path),
	);
	if (triggers.length > 0) return triggers;
	const kind = auth === null ? '' : ` with auth ${auth}`;
	const where = path === undefined ? '' : ` at ${path}`;
	const flags = auth === null ? '' : ` --auth ${auth}`;
	const advice = `httpfn trigger add ${reference.name} --path /P${flags} makes one`;
	throw new ConfigError([usageMistake('FUNCTION', `found no trigger${kind}${where}; ${advice}`)]);
}

/** The ids of the APIs that they publish. */
export function apiIdsOf(triggers: readonly TriggerAnswer[]): readonly string[] {
	return triggers.map(({ event_data: data }) => data.api_id ?? '');
}
