import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { listFunctions } from './function-api.ts';
import { PACKAGE_OPTION } from './function-reference.ts';
import { openServer, SERVER_NOTE, SERVER_OPTIONS } from './server-options.ts';

export const listCommand: Command = {
	name: 'list',
	summary: 'List the functions of a server.',
	usage: '[--package P] [OPTIONS]',
	parameters: [],
	options: [
		{ ...PACKAGE_OPTION, sentence: 'Only those of this application.', fallbackText: 'all' },
		...SERVER_OPTIONS,
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [SERVER_NOTE],
	examples: [
		['httpfn list', 'those of the server in use'],
		['httpfn list --context prod --json', 'another server; as the API tells them'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { arguments: given, stdout } = invocation;
		const functions = await listFunctions(
			openServer(invocation),
			given.options.get('--package')?.[0] ?? null,
		);
		if (printedAsJson(invocation, { functions })) return EXIT.ok;
		const rows = functions.map((found) => [
			found.func_name,
			found.package ?? '',
			`${found.memory_size ?? ''}`,
			`${found.timeout ?? ''}`,
			found.last_modified ?? '',
			found.description ?? '',
		]);
		const names = ['NAME', 'PACKAGE', 'MEMORY MB', 'TIMEOUT S', 'MODIFIED', 'DESCRIPTION'];
		stdout.writeText(textTable(names, rows));
		return EXIT.ok;
	},
};
