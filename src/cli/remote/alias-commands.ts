import { ConfigError, usageMistake, valueMistake } from '../../config/config-error.ts';
import type { Command, CommandGroup, CommandParameter, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import type { AliasAnswer } from './answers.ts';
import { foundFunction } from './found-function.ts';
import type { FunctionApi } from './function-api.ts';
import { FUNCTION_PARAMETER, functionReference, PACKAGE_OPTION } from './function-reference.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

const ALIAS: CommandParameter = { name: 'ALIAS', required: true, sentence: 'Name of the alias.' };
const COMMON = {
	options: [PACKAGE_OPTION, ...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	notes: [],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;

const aliasList: Command = {
	...COMMON,
	name: 'alias list',
	summary: 'List the aliases of a function.',
	usage: 'NAME [OPTIONS]',
	parameters: [FUNCTION_PARAMETER],
	examples: [['httpfn alias list hello', 'which version each points to']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const aliases = await (await open(invocation)).aliases();
		const { stdout } = invocation;
		if (printedAsJson(invocation, { aliases })) return EXIT.ok;
		const rows = aliases.map((alias) => [
			alias.name,
			alias.version,
			weightsText(alias),
			alias.last_modified ?? '',
			alias.description ?? '',
		]);
		stdout.writeText(textTable(['ALIAS', 'VERSION', 'WEIGHTS', 'MODIFIED', 'DESCRIPTION'], rows));
		return EXIT.ok;
	},
};

const aliasSet: Command = {
	...COMMON,
	name: 'alias set',
	summary: 'Point an alias to a version, or to two by weight; make it where there is none.',
	usage: 'NAME ALIAS VERSION [--weight VERSION=PERCENT] [OPTIONS]',
	parameters: [
		FUNCTION_PARAMETER,
		ALIAS,
		{ name: 'VERSION', required: true, sentence: 'Version that it points to.' },
	],
	options: [
		ownOption('--weight', 'V=N', 'Alias', 'Send N percent of the requests to another version.', {
			fallbackText: 'all go to VERSION',
		}),
		ownOption('--description', 'TEXT', 'Alias', 'What it is for.', { fallbackText: 'as it was' }),
		...COMMON.options,
	],
	examples: [
		['httpfn alias set hello prod v1', 'prod is v1'],
		['httpfn alias set hello prod v1 --weight v2=10', '10 % of the requests try v2'],
	],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { arguments: given } = invocation;
		const [, name = '', version = ''] = given.parameters;
		const weights = readWeights(invocation);
		const api = await open(invocation);
		const description = given.options.get('--description')?.[0];
		const body = {
			version,
			...(description === undefined ? {} : { description }),
			additional_version_weights: weights,
		};
		const before = await api.alias(name);
		const alias =
			before === null ? await api.createAlias({ name, ...body }) : await api.updateAlias(name, body);
		return printResult(invocation, alias, `${aliasText(alias)}\n`);
	},
};

const aliasRemove: Command = {
	...COMMON,
	name: 'alias remove',
	summary: 'Remove an alias; its version stays.',
	usage: 'NAME ALIAS [OPTIONS]',
	parameters: [FUNCTION_PARAMETER, ALIAS],
	examples: [['httpfn alias remove hello prod', 'no trigger may lead to it']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { arguments: given } = invocation;
		const [, name = ''] = given.parameters;
		await (await open(invocation)).removeAlias(name);
		return printResult(invocation, { removed: name }, `removed ${name}\n`);
	},
};

export const aliasCommands: CommandGroup = {
	name: 'alias',
	summary: 'Name versions of a function, and share requests between two of them.',
	commands: [aliasList, aliasSet, aliasRemove],
};

async function open(invocation: Invocation): Promise<FunctionApi> {
	const reference = functionReference(invocation);
	if (reference.qualifier !== null) {
		const problem = `found the version ${JSON.stringify(reference.qualifier)}, wanted the function's name alone`;
		throw new ConfigError([usageMistake('NAME', problem)]);
	}
	return (await foundFunction(openServer(invocation), reference)).api;
}

/** An empty object takes away what an alias had. */
function readWeights({ arguments: given }: Invocation): Record<string, number> {
	const text = given.options.get('--weight')?.[0];
	if (text === undefined) return {};
	const [, version = '', percent = ''] = /^([\w.-]+)=(\d{1,3})$/.exec(text) ?? [];
	if (version !== '' && Number(percent) <= 100) return { [version]: Number(percent) };
	const problem = `found ${JSON.stringify(text)}, wanted VERSION=PERCENT with 0 to 100 percent`;
	throw new ConfigError([...given.mistakes, valueMistake('--weight', problem)]);
}

function aliasText(alias: AliasAnswer): string {
	const weights = weightsText(alias);
	return `${alias.name} -> ${alias.version}${weights === '' ? '' : `, ${weights}`}`;
}

function weightsText({
	additional_version_weights: weights,
	additional_version_strategy: rules,
}: AliasAnswer): string {
	const shares = Object.entries(weights ?? {}).map(([version, percent]) => `${percent} % ${version}`);
	const ruled = Object.keys(rules ?? {}).map((version) => `by rule ${version}`);
	return [...shares, ...ruled].join(', ');
}
