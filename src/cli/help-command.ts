import type { Command, CommandNode, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findCommand } from './find-command.ts';
import { helpPage, rootHelp } from './help-text.ts';

/** The command that explains the others, itself included. */
export function helpCommand(others: readonly CommandNode[]): Command {
	const command: Command = {
		name: 'help',
		summary: 'Explain httpfn, or one command.',
		usage: '[COMMAND [VERB]]',
		parameters: [
			{ name: 'COMMAND', required: false, sentence: 'Command to explain.' },
			{ name: 'VERB', required: false, sentence: 'Its second word, where it has one.' },
		],
		options: [HELP_OPTION],
		notes: [],
		examples: [
			['httpfn help', 'the commands'],
			['httpfn help run', 'one command with all its options'],
			['httpfn help alias set', 'a command of two words'],
		],
		exitCodes: [EXIT.ok, EXIT.usage],
		run: async ({ arguments: given, stdout }: Invocation): Promise<ExitCode> => {
			const nodes = [...others, command];
			const { parameters } = given;
			stdout.writeText(parameters.length === 0 ? rootHelp(nodes) : helpPage(findCommand(nodes, parameters)));
			return EXIT.ok;
		},
	};
	return command;
}
