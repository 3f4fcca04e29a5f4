import type { Command, CommandSection, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findCommand } from './find-command.ts';
import { helpPage, rootHelp } from './help-text.ts';

/** Explains every command. `sections` is asked for when it runs: it is in one of them itself. */
export function helpCommand(sections: () => Promise<readonly CommandSection[]>): Command {
	return {
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
			const { parameters } = given;
			const all = await sections();
			const nodes = all.flatMap((section) => section.nodes);
			const page = parameters.length === 0 ? rootHelp(all) : helpPage(findCommand(nodes, parameters));
			stdout.writeText(page);
			return EXIT.ok;
		},
	};
}
