import { ConfigError, usageMistake } from '../config/config-error.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { commandHelp, rootHelp } from './help-text.ts';

/** The command that explains the others, itself included. */
export function helpCommand(others: readonly Command[]): Command {
	const command: Command = {
		name: 'help',
		summary: 'Explain httpfn, or one command.',
		usage: '[COMMAND]',
		parameter: { name: 'COMMAND', required: false, sentence: 'Command to explain.' },
		options: [HELP_OPTION],
		notes: [],
		examples: [
			['httpfn help', 'the commands'],
			['httpfn help run', 'one command with all its options'],
		],
		exitCodes: [EXIT.ok, EXIT.usage],
		run: async (invocation: Invocation): Promise<ExitCode> => {
			const name = invocation.arguments.parameter;
			const commands = [...others, command];
			const page = name === null ? rootHelp(commands) : commandHelp(findCommand(commands, name));
			invocation.stdout.writeText(page);
			return EXIT.ok;
		},
	};
	return command;
}

/** Throws a ConfigError that names the nearest command. */
export function findCommand(commands: readonly Command[], name: string): Command {
	const command = commands.find((known) => known.name === name);
	if (command !== undefined) return command;
	const names = commands.map((known) => known.name);
	const nearest = nearestName(name, names);
	const hint = nearest === null ? `wanted one of ${names.join(', ')}` : `nearest is ${nearest}`;
	throw new ConfigError([usageMistake(name, `unknown command; ${hint}`)]);
}
