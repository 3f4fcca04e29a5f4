import type { Command, CommandNode, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { bashCompletion } from './pages/bash-completion.ts';
import { completionModel } from './pages/completion-model.ts';
import { fishCompletion } from './pages/fish-completion.ts';
import { zshCompletion } from './pages/zsh-completion.ts';
import { throwMistakes } from './remote/server-options.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
type Shell = keyof typeof SCRIPTS;

/** `nodes` is asked for when the command runs: it is one of them itself. */
export function completionCommand(nodes: () => Promise<readonly CommandNode[]>): Command {
	return {
		name: 'completion',
		summary: 'Print a script that lets a shell complete commands, options and values.',
		usage: 'bash|zsh|fish',
		parameters: [
			{
				name: 'SHELL',
				required: true,
				sentence: 'Shell that is to complete.',
				choices: Object.keys(SCRIPTS),
			},
		],
		options: [HELP_OPTION],
		notes: [
			'The script asks nobody: it holds what this version of httpfn knows. Make it again after an update.',
		],
		examples: [
			['source <(httpfn completion bash)', 'now; in ~/.bashrc for ever'],
			['httpfn completion zsh > ~/.zfunc/_httpfn', 'where $fpath has ~/.zfunc'],
			['httpfn completion fish > ~/.config/fish/completions/httpfn.fish', 'for fish'],
		],
		exitCodes: [EXIT.ok, EXIT.usage],
		run: async (invocation: Invocation): Promise<ExitCode> => {
			throwMistakes(invocation);
			const shell = invocation.arguments.parameters[0] as Shell;
			invocation.stdout.writeText(SCRIPTS[shell](completionModel(await nodes())));
			return EXIT.ok;
		},
	};
}
