import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printResult } from '../printed-as-json.ts';
import { foundFunction } from './found-function.ts';
import { functionReference, PACKAGE_OPTION } from './function-reference.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

export const deleteCommand: Command = {
	name: 'delete',
	summary: 'Delete a function, or one version of it.',
	usage: 'NAME[:VERSION] [OPTIONS]',
	parameters: [
		{ name: 'NAME[:VERSION]', required: true, sentence: 'All of a function, or with a version only that.' },
	],
	options: [PACKAGE_OPTION, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: [
		'A function goes with all its versions, aliases and triggers; a version with the alias that points to it and the triggers of both. ' +
			'Nothing is asked, and nothing comes back. latest can not be deleted alone.',
	],
	examples: [
		['httpfn delete hello:v1', 'a version'],
		['httpfn delete hello', 'the function with all that belongs to it'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const reference = functionReference(invocation);
		const { api } = await foundFunction(openServer(invocation), reference);
		const { qualifier } = reference;
		await api.remove(qualifier);
		const urn = qualifier === null ? api.urn : `${api.urn}:${qualifier}`;

		return printResult(invocation, { deleted: urn }, `deleted ${urn}\n`);
	},
};
