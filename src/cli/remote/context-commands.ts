import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { type Contexts, contextPath, readContexts, writeContexts } from '../../config/context-file.ts';
import { SERVER_DEFAULTS, unknownContext } from '../../config/server-address.ts';
import type { Command, CommandGroup, CommandParameter, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { throwMistakes } from './server-options.ts';

const NAME: CommandParameter = { name: 'NAME', required: true, sentence: 'Name that httpfn login gave.' };
const COMMON = {
	options: [JSON_OPTION, HELP_OPTION],
	notes: [],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;

const contextList: Command = {
	...COMMON,
	name: 'context list',
	summary: 'List the servers, and mark the one in use.',
	usage: '[--json]',
	parameters: [],
	examples: [['httpfn context list', 'their names and addresses; no keys']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { current, servers } = read(invocation);
		const { stdout } = invocation;
		const contexts = [...servers].map(([name, { endpoint, projectId, region, credentials }]) => ({
			name,
			current: name === current,
			endpoint,
			project: projectId ?? SERVER_DEFAULTS.projectId,
			region: region ?? SERVER_DEFAULTS.region,
			credentials: credentials.kind,
		}));
		if (printedAsJson(invocation, { contexts })) return EXIT.ok;
		const rows = contexts.map((context) => [
			context.current ? '*' : '',
			context.name,
			context.endpoint,
			context.project,
			context.region,
			context.credentials,
		]);
		stdout.writeText(textTable(['', 'NAME', 'ENDPOINT', 'PROJECT', 'REGION', 'CREDENTIALS'], rows));
		return EXIT.ok;
	},
};

const contextUse: Command = {
	...COMMON,
	name: 'context use',
	summary: 'Use another server from now on.',
	usage: 'NAME [--json]',
	parameters: [NAME],
	examples: [['httpfn context use prod', 'what follows goes there']],
	run: async (invocation: Invocation): Promise<ExitCode> =>
		change(invocation, (contexts, name) => ({ ...contexts, current: name })),
};

const contextRemove: Command = {
	...COMMON,
	name: 'context remove',
	summary: 'Forget a server and its keys.',
	usage: 'NAME [--json]',
	parameters: [NAME],
	examples: [['httpfn context remove prod', 'the server itself is not asked']],
	run: async (invocation: Invocation): Promise<ExitCode> =>
		change(invocation, ({ current, servers }, name) => ({
			current: current === name ? null : current,
			servers: new Map([...servers].filter(([known]) => known !== name)),
		})),
};

/** Several servers: which there are, which is in use. */
export const contextCommands: CommandGroup = {
	name: 'context',
	summary: 'Choose among the servers that httpfn login remembers.',
	commands: [contextList, contextUse, contextRemove],
};

function read(invocation: Invocation): Contexts {
	throwMistakes(invocation);
	return readContexts(contextPath(invocation.environment));
}

function change(invocation: Invocation, changed: (contexts: Contexts, name: string) => Contexts): ExitCode {
	const contexts = read(invocation);
	const { arguments: given, environment, stdout } = invocation;
	const [name = ''] = given.parameters;
	if (!contexts.servers.has(name)) {
		const problem = unknownContext(name, [...contexts.servers.keys()]);
		throw new ConfigError([valueMistake('NAME', problem)]);
	}
	const next = changed(contexts, name);
	writeContexts(contextPath(environment), next);
	if (!printedAsJson(invocation, { ok: true, current: next.current }))
		stdout.writeText(`${next.current === null ? 'no server in use' : `in use: ${next.current}`}\n`);
	return EXIT.ok;
}
