import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { FunctionApi } from './function-api.ts';
import { FUNCTION_PARAMETER, functionReference, PACKAGE_OPTION } from './function-reference.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

/** Digits of a digest that tell packages apart at a glance. */
const DIGEST_CHARS = 12;

export const versionsCommand: Command = {
	name: 'versions',
	summary: 'List the versions of a function, and the aliases that point to them.',
	usage: 'NAME [OPTIONS]',
	parameters: [FUNCTION_PARAMETER],
	options: [PACKAGE_OPTION, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: ['httpfn deploy --version or --alias publishes one; httpfn delete NAME:VERSION removes one.'],
	examples: [
		['httpfn versions hello', 'with their code and aliases'],
		['httpfn versions hello --json', 'as the API tells them'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const api = new FunctionApi(openServer(invocation), functionReference(invocation));
		const [versions, aliases] = await Promise.all([api.versions(), api.aliases()]);
		const { stdout } = invocation;
		if (printedAsJson(invocation, { versions, aliases })) return EXIT.ok;
		const rows = versions.map(({ version, last_modified, digest, code_size, description }) => [
			version ?? '',
			aliases
				.filter((alias) => alias.version === version)
				.map(({ name }) => name)
				.join(', '),
			`${digest ?? ''}`.slice(0, DIGEST_CHARS),
			`${code_size ?? ''}`,
			last_modified ?? '',
			description ?? '',
		]);
		const names = ['VERSION', 'ALIAS', 'CODE', 'BYTES', 'MODIFIED', 'DESCRIPTION'];
		stdout.writeText(textTable(names, rows));
		return EXIT.ok;
	},
};
