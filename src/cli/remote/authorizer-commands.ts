/** Functions of one's own that say who may call others. */
import { ConfigError, valueMistake } from '../../config/config-error.ts';
import type { Command, CommandGroup, CommandParameter } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { GatewayApi } from './gateway-api.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

const NAME: CommandParameter = { name: 'NAME', required: true, sentence: 'Name of the authorizer.' };
const COMMON = {
	options: [...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	parameters: [NAME],
	notes: [],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;
const AUTHORIZER = 'Authorizer';

const authorizerAdd: Command = {
	...COMMON,
	name: 'authorizer add',
	summary: 'Have a function say who may call; prints the id for triggers.',
	usage: 'NAME --function FUNCTION [--header H]... [--query Q]... [--ttl S] [OPTIONS]',
	options: [
		ownOption('--function', 'NAME', AUTHORIZER, 'Function that is asked: a URN, or NAME[:VERSION].'),
		ownOption('--header', 'H', AUTHORIZER, 'Header that it judges by; repeat it for more.', {
			repeatable: true,
		}),
		ownOption('--query', 'Q', AUTHORIZER, 'Parameter of the query that it judges by; repeat it for more.', {
			repeatable: true,
		}),
		ownOption('--ttl', 'S', AUTHORIZER, 'Seconds that an answer counts for the same caller.', {
			fallbackText: '0',
		}),
		ownOption('--user-data', 'TEXT', AUTHORIZER, 'What it is told each time.', { fallbackText: 'nothing' }),
		...COMMON.options,
	],
	examples: [
		[
			'httpfn authorizer add judge --function judge --header X-User-Auth --ttl 60',
			'asked once a minute for a caller',
		],
		[
			'httpfn trigger add hello --path /hello --auth AUTHORIZER --authorizer judge',
			'who it lets in may call',
		],
	],
	run: async (invocation): Promise<ExitCode> => {
		const { arguments: given } = invocation;
		const option = (flag: string): readonly string[] => given.options.get(flag) ?? [];
		const [functionName] = option('--function');
		if (functionName === undefined) {
			throw new ConfigError([valueMistake('--function', 'found nothing, wanted the function that is asked')]);
		}
		const identities = [
			...option('--header').map((name) => ({ name, location: 'HEADER' })),
			...option('--query').map((name) => ({ name, location: 'QUERY' })),
		];
		const [userData] = option('--user-data');
		const made = await new GatewayApi(openServer(invocation)).createAuthorizer({
			name: given.parameters[0],
			type: 'FRONTEND',
			authorizer_type: 'FUNC',
			authorizer_uri: functionName,
			identities,
			ttl: secondsOf(option('--ttl')[0]),
			...(userData === undefined ? {} : { user_data: userData }),
		});
		return printResult(invocation, made, `${made.id}\n`);
	},
};

const authorizerList: Command = {
	...COMMON,
	name: 'authorizer list',
	summary: 'List the authorizers.',
	usage: '[OPTIONS]',
	parameters: [],
	examples: [['httpfn authorizer list', 'and what they judge by']],
	run: async (invocation): Promise<ExitCode> => {
		const authorizers = await new GatewayApi(openServer(invocation)).authorizers();
		if (printedAsJson(invocation, { authorizers })) return EXIT.ok;
		const rows = authorizers.map(({ name, id, authorizer_uri, ttl, identities }) => [
			name,
			id,
			authorizer_uri,
			`${ttl ?? 0} s`,
			(identities ?? []).map((identity) => `${identity.location} ${identity.name}`).join(', '),
		]);
		invocation.stdout.writeText(textTable(['AUTHORIZER', 'ID', 'FUNCTION', 'COUNTS', 'JUDGES BY'], rows));
		return EXIT.ok;
	},
};

const authorizerRemove: Command = {
	...COMMON,
	name: 'authorizer remove',
	summary: 'Remove an authorizer that no trigger asks.',
	usage: 'NAME [OPTIONS]',
	examples: [['httpfn authorizer remove judge', 'its function stays']],
	run: async (invocation): Promise<ExitCode> => {
		const gateway = new GatewayApi(openServer(invocation));
		const authorizer = await gateway.authorizer(invocation.arguments.parameters[0] ?? '');
		await gateway.removeAuthorizer(authorizer);
		const { name } = authorizer;
		return printResult(invocation, { removed: name }, `removed ${name}\n`);
	},
};

export const authorizerCommands: CommandGroup = {
	name: 'authorizer',
	summary: 'Let functions of your own say who may call.',
	commands: [authorizerAdd, authorizerList, authorizerRemove],
};

function secondsOf(text = '0'): number {
	if (/^\d{1,4}$/.test(text) && Number(text) <= 3600) return Number(text);
	throw new ConfigError([
		valueMistake('--ttl', `found ${JSON.stringify(text)}, wanted whole seconds from 0 to 3600`),
	]);
}
