import { HOST_KEYS } from '../../config/read-functions.ts';
import type { Manifest } from '../../packed/manifest.ts';
import type { Command, CommandOption } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, settingOption, settingOptions } from '../command-options.ts';
import { EXIT } from '../exit-code.ts';
import { TRUSTED_KEY_OPTION } from './trusted-key-option.ts';

/** What a packed file does when it is started. */
export function servePackedCommand(file: string, manifest: Manifest): Command {
	const { name, kind, functions } = manifest;
	const what = kind === 'function' ? `the function ${name}` : `${functions.length} functions`;
	return {
		name: '',
		summary: `${what}, packed into one file with httpfn, which serves it.`,
		usage: '[OPTIONS]',
		parameters: [],
		options: [...optionsOf(kind), TRUSTED_KEY_OPTION, HELP_OPTION],
		notes: [
			'Prints the URL of each listener on a line as soon as all accept. The log goes to stderr. Each option has a variable (--init-timeout: ' +
				'HTTPFN_INIT_TIMEOUT). A flag wins over a variable, a variable over what is packed.',
			'--httpfn-info [--json] tells what is in the file. --httpfn COMMAND makes it the httpfn it was made with: --httpfn doctor, say.',
		],
		examples: [
			['./FILE', 'serve, on http://127.0.0.1:8080 unless the packed configuration says otherwise'],
			['HTTPFN_LISTEN=0.0.0.0:80 ./FILE', 'for other machines'],
			['./FILE --httpfn-info', 'what is in it'],
			['./FILE --httpfn doctor', 'what this machine has of what it needs'],
		],
		exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
		serves: true,
		run: async (invocation) => {
			// Loaded by packed files only.
			const { servePacked } = await import('./serve-packed.ts');
			return servePacked(file, invocation);
		},
	};
}

function optionsOf(kind: Manifest['kind']): readonly CommandOption[] {
	if (kind === 'config') return [...HOST_KEYS.flatMap(settingOption), JSON_OPTION];
	return settingOptions().filter(({ flag }) => flag !== '--config');
}
