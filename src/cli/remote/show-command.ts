import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printable } from '../printable.ts';
import { printedAsJson } from '../printed-as-json.ts';
import type { FunctionAnswer } from './answers.ts';
import { foundFunction } from './found-function.ts';
import { ALIAS_OPTION, functionReference, PACKAGE_OPTION, VERSION_PARAMETER } from './function-reference.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';
import { triggerQualifier, triggerRoute } from './trigger-text.ts';

export const showCommand: Command = {
	name: 'show',
	summary: 'Show a function of a server: its configuration, aliases and triggers.',
	usage: 'NAME[:VERSION] [OPTIONS]',
	parameters: [VERSION_PARAMETER],
	options: [ALIAS_OPTION, PACKAGE_OPTION, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: ['With --json: {"function", "aliases", "triggers"}, each as the API tells it.'],
	examples: [
		['httpfn show hello', 'as it is now'],
		['httpfn show hello:v2 --json', 'a version, for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: show,
};

async function show(invocation: Invocation): Promise<ExitCode> {
	const reference = functionReference(invocation);
	const { api, config } = await foundFunction(openServer(invocation), reference);
	const [aliases, triggers] = await Promise.all([api.aliases(), api.triggers(reference.qualifier)]);
	const { stdout } = invocation;
	if (printedAsJson(invocation, { function: config, aliases, triggers })) return EXIT.ok;
	const rows: Array<readonly [string, string]> = [
		...configRows(config),
		...aliases.map(({ name, version, additional_version_weights: weights }) => {
			const more = Object.entries(weights ?? {}).map(([other, percent]) => `, ${percent} % ${other}`);
			return ['alias', `${name} -> ${version}${more.join('')}`] as const;
		}),
		...triggers.map((trigger) => {
			const { invoke_url: url } = trigger.event_data;
			return ['trigger', `${triggerRoute(trigger)} -> ${triggerQualifier(trigger)}  ${url ?? ''}`] as const;
		}),
	];
	const width = Math.max(...rows.map(([name]) => name.length));
	stdout.writeText(
		rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd()).join('\n'),
	);
	stdout.writeText('\n');
	return EXIT.ok;
}

/** Values of variables may be secret: only their names are shown. */
function configRows(config: FunctionAnswer): Array<readonly [string, string]> {
	const { strategy_config: strategy } = config;
	const shown: ReadonlyArray<readonly [string, string | number | null | undefined]> = [
		['name', config.func_name],
		['urn', config.func_urn],
		['version', config.version],
		['description', config.description],
		['runtime', config.runtime],
		['memory', config.memory_size && `${config.memory_size} MB`],
		['timeout', config.timeout && `${config.timeout} s`],
		['concurrency', strategy?.concurrency],
		['concurrent num', strategy?.concurrent_num],
		['variables', variableNames(config.user_data ?? '').join(', ')],
		['code', config.code_size && `${config.code_size} bytes`],
		['digest', config.digest],
		['modified', config.last_modified],
	];
	return shown.flatMap(([name, value]) =>
		value === null || value === undefined || value === '' ? [] : [[name, `${value}`] as const],
	);
}

function variableNames(userData: string): readonly string[] {
	try {
		return Object.keys(JSON.parse(userData));
	} catch {
		return [];
	}
}
