import type { Command, CommandNode, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { manualPage } from './pages/manual-page.ts';
import { productVersion } from './product-version.ts';
import { throwMistakes } from './remote/server-options.ts';

/** `nodes` is asked for when the command runs: it is one of them itself. */
export function manCommand(nodes: () => Promise<readonly CommandNode[]>): Command {
	return {
		name: 'man',
		summary: 'Print the manual page.',
		usage: '',
		parameters: [],
		options: [HELP_OPTION],
		notes: ['It is source for man: pipe it there, or put it where man looks.'],
		examples: [
			['httpfn man | man -l -', 'read it'],
			['httpfn man > ~/.local/share/man/man1/httpfn.1', 'for man httpfn'],
		],
		exitCodes: [EXIT.ok, EXIT.usage],
		run: async (invocation: Invocation): Promise<ExitCode> => {
			throwMistakes(invocation);
			invocation.stdout.writeText(manualPage(await nodes(), productVersion().version));
			return EXIT.ok;
		},
	};
}
