import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { Command, CommandGroup, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { foundFunction } from './found-function.ts';
import {
	ALIAS_OPTION,
	FUNCTION_PARAMETER,
	functionReference,
	PACKAGE_OPTION,
	VERSION_PARAMETER,
} from './function-reference.ts';
import { GatewayApi } from './gateway-api.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';
import { judgeTriggerPath, TRIGGER_OPTIONS, throwIfAny, triggerBody } from './trigger-body.ts';
import { triggerQualifier, triggerRoute } from './trigger-text.ts';

const COMMON = {
	options: [PACKAGE_OPTION, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: [],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;

const triggerList: Command = {
	...COMMON,
	name: 'trigger list',
	summary: 'List the triggers of a function, with their URLs.',
	usage: 'NAME[:VERSION] [OPTIONS]',
	parameters: [VERSION_PARAMETER],
	options: [ALIAS_OPTION, ...COMMON.options],
	examples: [['httpfn trigger list hello', 'what leads to it']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const reference = functionReference(invocation);
		const { api } = await foundFunction(openServer(invocation), reference);
		const triggers = await api.triggers(reference.qualifier);
		const { stdout } = invocation;
		if (printedAsJson(invocation, { triggers })) return EXIT.ok;
		const rows = triggers.map((trigger) => [
			trigger.trigger_id,
			trigger.trigger_type_code,
			trigger.trigger_status ?? '',
			triggerQualifier(trigger),
			triggerRoute(trigger),
			trigger.event_data.auth ?? '',
			trigger.event_data.invoke_url ?? '',
		]);
		stdout.writeText(textTable(['ID', 'TYPE', 'STATUS', 'LEADS TO', 'ANSWERS', 'AUTH', 'URL'], rows));
		return EXIT.ok;
	},
};

const triggerAdd: Command = {
	...COMMON,
	name: 'trigger add',
	summary: 'Make requests of a path reach a function; prints their URL.',
	usage: 'NAME[:VERSION] --path /P [OPTIONS]',
	parameters: [VERSION_PARAMETER],
	options: [
		ownOption('--path', '/P', 'Trigger', 'Path that it answers, and all below it.'),
		...Object.values(TRIGGER_OPTIONS),
		ALIAS_OPTION,
		...COMMON.options,
	],
	examples: [
		['httpfn trigger add hello --path /hello', 'a URL for latest'],
		['httpfn trigger add hello --alias prod --path /api --method POST --exact', 'for what prod points to'],
	],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const reference = functionReference(invocation);
		const { arguments: given } = invocation;
		const option = (flag: string): string | null => given.options.get(flag)?.[0] ?? null;
		const path = option('--path') ?? '';
		throwIfAny(judgeTriggerPath('--path', path));
		const client = openServer(invocation);
		const { api, config } = await foundFunction(client, reference);
		const authorizer = option('--authorizer');
		const wish = {
			path,
			match: given.options.has('--exact') ? 'exact' : 'prefix',
			method: option('--method') ?? 'ANY',
			auth: option('--auth') ?? (authorizer === null ? 'NONE' : 'AUTHORIZER'),
			authorizerId: authorizer === null ? null : (await new GatewayApi(client).authorizer(authorizer)).id,
			groupId: option('--group-id'),
			groupName: null,
			functionUrn: api.urn,
			qualifier: reference.qualifier ?? 'latest',
			timeoutSeconds: config.timeout ?? LIMITS.timeoutSecondsDefault,
			endpoint: client.server.endpoint,
		} as const;
		const trigger = await api.createTrigger(wish.qualifier, triggerBody(wish));
		const url = trigger.event_data.invoke_url ?? trigger.trigger_id;
		return printResult(invocation, trigger, `${url}\n`);
	},
};

const triggerRemove: Command = {
	...COMMON,
	name: 'trigger remove',
	summary: 'Remove a trigger: its URL leads nowhere then.',
	usage: 'NAME ID [OPTIONS]',
	parameters: [
		FUNCTION_PARAMETER,
		{ name: 'ID', required: true, sentence: 'Its id, as httpfn trigger list has it.' },
	],
	examples: [
		['httpfn trigger remove hello 4f2b8a52-7d1c-4c59-9d55-0d0a5f6f2a11', 'requests in flight are not cut'],
	],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const reference = functionReference(invocation);
		const { arguments: given } = invocation;
		const [, id = ''] = given.parameters;
		const { api } = await foundFunction(openServer(invocation), reference);
		const triggers = await api.triggers(null);
		const trigger = triggers.find(({ trigger_id }) => trigger_id === id);
		if (trigger === undefined) {
			const known = triggers.map(({ trigger_id }) => trigger_id).join(', ');
			const problem = `found ${JSON.stringify(id)}, ${known === '' ? 'there is none' : `wanted one of ${known}`}`;
			throw new ConfigError([valueMistake('ID', problem)]);
		}
		await api.removeTrigger(trigger);
		return printResult(invocation, { removed: id }, `removed ${id}\n`);
	},
};

export const triggerCommands: CommandGroup = {
	name: 'trigger',
	summary: 'Choose which requests reach a function.',
	commands: [triggerList, triggerAdd, triggerRemove],
};
