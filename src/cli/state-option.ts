import path from 'node:path';
import { type Mistake, valueMistake } from '../config/config-error.ts';
import { defaultStateFolder } from '../config/state-folder.ts';
import type { Invocation } from './command.ts';
import { ownOption } from './command-options.ts';

/** Of commands that work on the state folder itself, beside a server or without one. */
export const STATE_OPTION = ownOption('--state', 'DIR', 'Server', 'State folder of the server.', {
	fallbackText: 'HTTPFN_STATE, else /var/lib/httpfn for root, else ~/.local/state/httpfn',
});

/** Absolute path of what it names; a mistake is added to `mistakes`. */
export function stateFolderOf(invocation: Invocation, mistakes: Mistake[]): string {
	const { arguments: given, environment, workingFolder } = invocation;
	const state = given.options.get('--state')?.[0] ?? environment.HTTPFN_STATE;
	if (state === '') mistakes.push(valueMistake('--state', 'found "", wanted the path of a folder'));
	return state === undefined ? defaultStateFolder(environment) : path.resolve(workingFolder, state);
}
