import path from 'node:path';
import { ConfigError, type Mistake, valueMistake } from '../config/config-error.ts';
import { sizeText } from '../contract/size-text.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { printResult } from './printed-as-json.ts';
import { STATE_OPTION, stateFolderOf } from './state-option.ts';

export const backupCommand: Command = {
	name: 'backup',
	summary: 'Copy the state folder of a server, also while it serves.',
	usage: 'FOLDER [--state DIR] [--json]',
	parameters: [
		{
			name: 'FOLDER',
			required: true,
			sentence: 'Folder to make: nothing has its name yet, and the folder around it is there.',
		},
	],
	options: [STATE_OPTION, JSON_OPTION, HELP_OPTION],
	notes: [
		'The copy holds the catalog as it was at one moment, the packages that it names, and the key: put in place of a state folder, it serves. ' +
			'Each package is compared with its digest on the way. Only its owner may read it; keep it as secrets are kept.',
		'It is there whole, or not at all. Run it on the server’s machine, as the server’s user.',
	],
	examples: [
		['httpfn backup /backup/today', 'of the state folder of this user'],
		['httpfn backup --state /var/lib/httpfn /backup/today --json', 'the result is for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: backUp,
};

async function backUp(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, workingFolder } = invocation;
	const mistakes: Mistake[] = [...given.mistakes];
	const stateFolder = stateFolderOf(invocation, mistakes);
	const [folder = ''] = given.parameters;
	if (folder === '' && mistakes.length === 0)
		mistakes.push(valueMistake('FOLDER', 'found "", wanted the path of a folder to make'));
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const backup = await interruptible(async (signal) => {
		// Loaded when it is used: it brings the catalog with it.
		const { backUpState } = await import('../server/back-up-state.ts');
		return backUpState(stateFolder, path.resolve(workingFolder, folder), signal);
	});
	if (backup === null) return EXIT.interrupted;
	const { packages, bytes } = backup;
	return printResult(invocation, backup, `${backup.folder}: ${packages} packages, ${sizeText(bytes)}\n`);
}
