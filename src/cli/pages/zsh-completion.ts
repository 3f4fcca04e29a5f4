import { shellQuoted } from '../../base/shell-quoted.ts';
import type { Candidates, CompletedCommand, CompletedWord, CompletionModel } from './completion-model.ts';

/** A script for zsh: a file `_httpfn` in a folder of $fpath, or sourced. */
export function zshCompletion({ nodes, groups, commands }: CompletionModel): string {
	return `#compdef httpfn
# zsh completion of httpfn: source <(httpfn completion zsh), or a file _httpfn in a folder of $fpath
_httpfn() {
	local -a described
	local command=\${words[2]} first=3
	if ((CURRENT == 2)); then
		described=(${described(nodes)})
		_describe command described
		return
	fi
	case $command in
${groups.map(({ name, verbs }) => groupCase(name, verbs)).join('\n')}
	esac
	# _arguments counts from the command's own name.
	words=("$command" "\${(@)words[first,-1]}")
	((CURRENT -= first - 2))
	case $command in
${commands.map(commandCase).join('\n')}
	esac
}

if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
	_httpfn "$@"
else
	compdef _httpfn httpfn
fi
`;
}

function groupCase(name: string, verbs: readonly CompletedWord[]): string {
	return `	${name})
		if ((CURRENT == 3)); then
			described=(${described(verbs)})
			_describe command described
			return
		fi
		command="$command \${words[3]}" first=4
		;;`;
}

function commandCase({ name, options, parameters }: CompletedCommand): string {
	const specs = [
		...options.flatMap(({ flags, sentence, value }) =>
			flags.map((flag) => {
				const long = flag.startsWith('--');
				const taking = value === null ? '' : `:value:${action(value)}`;
				return shellQuoted(`${flag}${value !== null && long ? '=' : ''}[${escaped(sentence)}]${taking}`);
			}),
		),
		...parameters.map((candidates, place) => shellQuoted(`${place + 1}:word:${action(candidates)}`)),
	];
	return `	'${name}') _arguments ${specs.join(' ')} ;;`;
}

function action(candidates: Candidates): string {
	switch (candidates.kind) {
		case 'choices':
			return `(${candidates.choices.join(' ')})`;
		case 'file':
			return '_files';
		case 'folder':
			return '_files -/';
		case 'text':
			return '';
		default:
			return candidates satisfies never;
	}
}

function described(found: readonly CompletedWord[]): string {
	return found.map(({ name, sentence }) => shellQuoted(`${name}:${sentence}`)).join(' ');
}

/** Signs with a meaning within a description of _arguments. */
function escaped(sentence: string): string {
	return sentence.replaceAll(/[\\[\]:]/g, '\\$&');
}
