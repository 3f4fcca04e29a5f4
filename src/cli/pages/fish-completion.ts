import type { Candidates, CompletedCommand, CompletedWord, CompletionModel } from './completion-model.ts';

/** A script for fish: a file `httpfn.fish` in its folder of completions, or sourced. */
export function fishCompletion({ nodes, groups, commands }: CompletionModel): string {
	const lines = [
		...nodes.map((node) => `complete -c httpfn -n '__httpfn_at' ${word(node)}`),
		...groups.flatMap(({ name, verbs }) =>
			verbs.map((verb) => `complete -c httpfn -n '__httpfn_at ${name}' ${word(verb)}`),
		),
		...commands.flatMap(commandLines),
	];
	return `# fish completion of httpfn: httpfn completion fish | source
# Whether the words before this one are these, and with no words after them there is none.
function __httpfn_at
	set -l words (commandline -opc)[2..]
	test "$words" = "$argv"
end

# Whether the words before this one begin with these.
function __httpfn_in
	set -l words (commandline -opc)[2..]
	test (count $words) -ge (count $argv); and test "$words[1..(count $argv)]" = "$argv"
end

complete -c httpfn -f
${lines.join('\n')}
`;
}

function commandLines({ name, options, parameters }: CompletedCommand): string[] {
	const within = `complete -c httpfn -n '__httpfn_in ${name}'`;
	const flags = options.flatMap(({ flags, sentence, value }) =>
		flags.map((flag) => {
			const spelled = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
			return `${within} ${spelled}${value === null ? '' : taken(value)} -d ${quoted(sentence)}`;
		}),
	);
	const [first] = parameters;
	if (first === undefined || first.kind === 'text') return flags;
	return [...flags, `complete -c httpfn -n '__httpfn_at ${name}'${offered(first)}`];
}

function taken(value: Candidates): string {
	return value.kind === 'text' ? ' -x' : ` -r${offered(value)}`;
}

function offered(candidates: Candidates): string {
	switch (candidates.kind) {
		case 'choices':
			return ` -f -a ${quoted(candidates.choices.join(' '))}`;
		case 'file':
			return ' -F';
		case 'folder':
			return " -f -a '(__fish_complete_directories)'";
		case 'text':
			return '';
		default:
			return candidates satisfies never;
	}
}

function word({ name, sentence }: CompletedWord): string {
	return `-a ${name} -d ${quoted(sentence)}`;
}

function quoted(text: string): string {
	return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
