import { ConfigError, usageMistake, valueMistake } from '../../config/config-error.ts';
import { checkFunctionName, checkUrnPart } from '../../contract/function-name.ts';
import type { CommandParameter, Invocation } from '../command.ts';
import { ownOption } from '../command-options.ts';

/** A function as a command line names it. */
export interface FunctionReference {
	readonly package: string;
	readonly name: string;
	/** A version, or `!` and an alias; null: not said. */
	readonly qualifier: string | null;
}

export const PACKAGE_OPTION = ownOption(
	'--package',
	'NAME',
	'Function',
	'Application that the function belongs to.',
	{ fallbackText: 'default' },
);

export const ALIAS_OPTION = ownOption(
	'--alias',
	'ALIAS',
	'Function',
	'The version that this alias points to.',
);

export const FUNCTION_PARAMETER: CommandParameter = {
	name: 'NAME',
	required: true,
	sentence: 'Name of the function, or its URN.',
};

export const VERSION_PARAMETER: CommandParameter = {
	name: 'NAME[:VERSION]',
	required: true,
	sentence: 'Name of the function, with a version where it is not latest, or its URN.',
};

/** A name, or a URN, may have `:VERSION` or `:!ALIAS` at its end; the latter is what shells make hard to type, and `--alias` means. */
export const REFERENCE = /^(?:urn:fss:[^:]+:[^:]+:function:([^:]+):)?([A-Za-z][\w-]*)(?::(!?[\w.-]+))?$/;

/** The function that a parameter names, the first unless told otherwise. Throws a ConfigError with all that is wrong with the command line. */
export function functionReference({ arguments: given }: Invocation, at = 0): FunctionReference {
	const { options, parameters } = given;
	const mistakes = [...given.mistakes];
	const { [at]: text = '' } = parameters;
	const source = at === 0 ? 'NAME' : 'FUNCTION';
	const [, urnPackage, name = '', written] = REFERENCE.exec(text) ?? [];
	const alias = options.get('--alias')?.[0];
	const packageName = options.get('--package')?.[0] ?? urnPackage ?? 'default';
	if (text !== '') mistakes.push(...checkFunctionName(name === '' ? text : name).map(named(source)));
	mistakes.push(...checkUrnPart('package', packageName).map(named('--package')));
	if (alias !== undefined && written !== undefined) {
		mistakes.push(
			usageMistake('--alias', `given beside ${JSON.stringify(written)}, wanted one or the other`),
		);
	}
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const qualifier = alias === undefined ? (written ?? null) : `!${alias}`;
	return { package: packageName, name, qualifier };
}

function named(source: string): (problem: string) => ReturnType<typeof valueMistake> {
	return (problem) => valueMistake(source, problem);
}
