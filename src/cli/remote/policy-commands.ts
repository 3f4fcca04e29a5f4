/** The commands that all kinds of policies have: what differs between them is data. */
import type { Command, CommandGroup, CommandOption, CommandParameter, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import { API_OPTIONS, API_PARAMETER, apiIdsOf, foundTriggers } from './found-apis.ts';
import { PolicyApi, type PolicyEntry, type PolicyWire } from './policy-api.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

export interface PolicyKindCommands {
	/** The first word of its commands. */
	readonly name: string;
	readonly summary: string;
	readonly wire: PolicyWire;
	readonly add: Pick<Command, 'summary' | 'usage' | 'options' | 'examples' | 'notes'>;
	/** What is created. Throws a ConfigError with all that is wrong with the command line. */
	body(name: string, option: (flag: string) => readonly string[]): unknown;
	/** Of a policy, what the list shows beside its name. */
	readonly columns: readonly string[];
	cells(entry: PolicyEntry): readonly string[];
}

export function policyCommands(kind: PolicyKindCommands): CommandGroup {
	const { name, wire } = kind;
	const NAME: CommandParameter = { name: 'NAME', required: true, sentence: `Name of the ${wire.noun}.` };
	const common = {
		options: [...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION] as readonly CommandOption[],
		parameters: [NAME] as readonly CommandParameter[],
		notes: [] as readonly string[],
		exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	};
	const ofFunction = {
		...common,
		parameters: [NAME, API_PARAMETER],
		options: [...API_OPTIONS, ...common.options],
		usage: 'NAME FUNCTION[:VERSION] [--path /P] [OPTIONS]',
	};
	return {
		name,
		summary: kind.summary,
		commands: [
			{
				...common,
				...kind.add,
				name: `${name} add`,
				options: [...kind.add.options, ...common.options],
				run: (invocation) => add(kind, invocation),
			},
			{
				...common,
				name: `${name} list`,
				summary: `List them.`,
				usage: '[OPTIONS]',
				parameters: [],
				examples: [[`httpfn ${name} list`, 'and what each says']],
				run: (invocation) => list(kind, invocation),
			},
			{
				...common,
				name: `${name} show`,
				summary: 'Show one, and the triggers that it holds for.',
				usage: 'NAME [OPTIONS]',
				examples: [[`httpfn ${name} show main`, 'all of it']],
				run: (invocation) => show(kind, invocation),
			},
			{
				...ofFunction,
				name: `${name} bind`,
				summary: "Have it hold for a function's triggers; each leaves the one it had.",
				examples: [[`httpfn ${name} bind main hello --path /orders`, 'for one of its URLs']],
				run: (invocation) => bind(kind, invocation),
			},
			{
				...ofFunction,
				name: `${name} unbind`,
				summary: "Have it hold for a function's triggers no more.",
				examples: [[`httpfn ${name} unbind main hello`, 'for none of its URLs']],
				run: (invocation) => unbind(kind, invocation),
			},
			{
				...common,
				name: `${name} remove`,
				summary: 'Remove it: it holds for nothing any more.',
				usage: 'NAME [OPTIONS]',
				examples: [[`httpfn ${name} remove main`, 'the triggers stay']],
				run: (invocation) => remove(kind, invocation),
			},
		],
	};
}

async function add(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const api = new PolicyApi(openServer(invocation), kind.wire);
	const { options, parameters } = invocation.arguments;
	const made = await api.create(kind.body(parameters[0] ?? '', (flag) => options.get(flag) ?? []));
	return printResult(invocation, made.fields, `${made.id}\n`);
}

async function list(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const all = await new PolicyApi(openServer(invocation), kind.wire).list();
	if (printedAsJson(invocation, { [kind.wire.all]: all.map(({ fields }) => fields) })) return EXIT.ok;
	const rows = all.map((entry) => [entry.name, ...kind.cells(entry)]);
	invocation.stdout.writeText(textTable(['NAME', ...kind.columns], rows));
	return EXIT.ok;
}

async function show(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const { api, entry } = await opened(kind, invocation);
	const apis = await api.bound(entry);
	const result = { ...entry.fields, apis: apis.map(({ fields }) => fields) };
	if (printedAsJson(invocation, result)) return EXIT.ok;
	const rows = apis.map(({ id, fields }) => ['', 'holds for', id, String(fields.req_uri ?? '')]);
	const table = textTable(['NAME', ...kind.columns], [[entry.name, ...kind.cells(entry)]]);
	invocation.stdout.writeText(`${table}${rows.length === 0 ? '' : textTable(['', '', 'API', 'PATH'], rows)}`);
	return EXIT.ok;
}

async function bind(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const { api, entry } = await opened(kind, invocation);
	const triggers = await foundTriggers(invocation, 1);
	await api.bind(entry, apiIdsOf(triggers));
	const bound = triggers.map(({ event_data: data }) => ({ api_id: data.api_id, path: data.path }));
	const text = bound.map(({ path }) => `${entry.name} holds for ${path}\n`).join('');
	return printResult(invocation, { bound }, text);
}

async function unbind(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const { api, entry } = await opened(kind, invocation);
	const ids = new Set(apiIdsOf(await foundTriggers(invocation, 1)));
	const found = (await api.bound(entry)).filter(({ id }) => ids.has(id));
	for (const one of found) await api.unbind(entry, one);
	const unbound = found.map(({ id, fields }) => ({ api_id: id, path: fields.req_uri }));
	const text = unbound.map(({ path }) => `${entry.name} holds for ${path} no more\n`).join('');
	return printResult(invocation, { unbound }, text);
}

async function remove(kind: PolicyKindCommands, invocation: Invocation): Promise<ExitCode> {
	const { api, entry } = await opened(kind, invocation);
	await api.remove(entry);
	return printResult(invocation, { removed: entry.name }, `removed ${entry.name}\n`);
}

async function opened(kind: PolicyKindCommands, invocation: Invocation) {
	const api = new PolicyApi(openServer(invocation), kind.wire);
	return { api, entry: await api.named(invocation.arguments.parameters[0] ?? '') };
}
