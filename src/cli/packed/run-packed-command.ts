import path from 'node:path';
import type { Command } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, settingOption, settingOptions } from '../command-options.ts';
import { EXIT } from '../exit-code.ts';
import { TRUSTED_KEY_OPTION } from './trusted-key-option.ts';

export const runPackedCommand: Command = {
	name: 'run-packed',
	summary: 'Serve what is packed into a file, by this httpfn instead of the one in it.',
	usage: 'FILE [OPTIONS]',
	parameters: [{ name: 'FILE', required: true, sentence: 'Made by httpfn pack, for any machine.' }],
	options: [
		...settingOptions().filter(({ flag }) => flag !== '--config'),
		...settingOption('control'),
		...settingOption('state'),
		TRUSTED_KEY_OPTION,
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'Nothing of the file runs before it is judged: with --trusted-key, HTTPFN_TRUSTED_KEY or /etc/httpfn/trusted.pub every byte of it, by digest ' +
			'and signature. So whoever can replace the file alone can not have anything run.',
	],
	examples: [
		['httpfn run-packed ./hello', 'as ./hello does'],
		['httpfn run-packed /srv/hello --trusted-key /etc/httpfn/release.pub', 'if it is signed with that key'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	serves: true,
	run: async (invocation) => {
		const { servePacked } = await import('./serve-packed.ts');
		const file = path.resolve(invocation.workingFolder, invocation.arguments.parameters[0] ?? '');
		return servePacked(file, invocation);
	},
};
