/** Names by which clients reach functions. */
import { ConfigError, usageMistake } from '../../config/config-error.ts';
import type { Command, CommandGroup, CommandParameter, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { API_OPTIONS, API_PARAMETER, foundTriggers } from './found-apis.ts';
import { GatewayApi } from './gateway-api.ts';
import { named } from './gateway-client.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

const DOMAIN: CommandParameter = {
	name: 'DOMAIN',
	required: true,
	sentence: 'Name such as api.example.com, or *.example.com for all names one label below.',
};
const COMMON = {
	parameters: [API_PARAMETER, DOMAIN],
	options: [...API_OPTIONS, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: [
		'A name leads to a group of triggers: all triggers of that group answer by it, under their paths. Where a function has triggers in several ' +
			'groups, --path says which is meant.',
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;

const domainAdd: Command = {
	...COMMON,
	name: 'domain add',
	summary: "Have a domain name lead to a function's triggers.",
	usage: 'FUNCTION[:VERSION] DOMAIN [OPTIONS]',
	examples: [['httpfn domain add hello api.example.com', 'once its DNS leads to this server']],
	run: async (invocation): Promise<ExitCode> => {
		const groupId = await groupOf(invocation);
		const [, name = ''] = invocation.arguments.parameters;
		const made = await new GatewayApi(openServer(invocation)).addDomain(groupId, name);
		return printResult(invocation, made, `${made.url_domain} leads to the group ${groupId}\n`);
	},
};

const domainList: Command = {
	...COMMON,
	name: 'domain list',
	summary: "List the domain names that lead to a function's triggers.",
	usage: 'FUNCTION[:VERSION] [OPTIONS]',
	parameters: [API_PARAMETER],
	examples: [['httpfn domain list hello', 'beside GROUP.localhost']],
	run: async (invocation): Promise<ExitCode> => {
		const gateway = new GatewayApi(openServer(invocation));
		const domains = await gateway.domains(await groupOf(invocation));
		if (printedAsJson(invocation, { url_domains: domains })) return EXIT.ok;
		const rows = domains.map(({ id, domain }) => [domain, id]);
		invocation.stdout.writeText(textTable(['DOMAIN', 'ID'], rows));
		return EXIT.ok;
	},
};

const domainRemove: Command = {
	...COMMON,
	name: 'domain remove',
	summary: "Have a domain name lead to a function's triggers no more.",
	usage: 'FUNCTION[:VERSION] DOMAIN [OPTIONS]',
	examples: [['httpfn domain remove hello api.example.com', 'GROUP.localhost stays']],
	run: async (invocation): Promise<ExitCode> => {
		const groupId = await groupOf(invocation);
		const [, name = ''] = invocation.arguments.parameters;
		const gateway = new GatewayApi(openServer(invocation));
		const all = (await gateway.domains(groupId)).map(({ id, domain }) => ({ id, name: domain }));
		const { id } = named('domain name', name, all);
		await gateway.removeDomain(groupId, id);
		return printResult(invocation, { removed: name }, `removed ${name}\n`);
	},
};

export const domainCommands: CommandGroup = {
	name: 'domain',
	summary: 'Choose the domain names that lead to functions.',
	commands: [domainAdd, domainList, domainRemove],
};

async function groupOf(invocation: Invocation): Promise<string> {
	const triggers = await foundTriggers(invocation, 0);
	const groups = [...new Set(triggers.map(({ event_data: data }) => data.group_id ?? ''))];
	const [groupId = '', ...others] = groups;
	if (others.length === 0) return groupId;
	const problem = `found triggers in ${groups.length} groups (${groups.join(', ')}), wanted --path of one`;
	throw new ConfigError([usageMistake('FUNCTION', problem)]);
}
