import type { Candidates, CompletedCommand, CompletionModel } from './completion-model.ts';

/** A script for bash to source. It needs nothing but bash 4. */
export function bashCompletion({ nodes, groups, commands }: CompletionModel): string {
	return `# bash completion of httpfn: source <(httpfn completion bash)
_httpfn() {
	local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
	local command=\${COMP_WORDS[1]} first=2 place=0 value=no options='' choices='' kind='' word i
	COMPREPLY=()
	# --flag=value comes as three words.
	[[ $previous == = ]] && previous=\${COMP_WORDS[COMP_CWORD - 2]}
	[[ $current == = ]] && current=''
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W '${nodes.map(({ name }) => name).join(' ')} --help --version' -- "$current"))
		return
	fi
	case $command in
${groups.map(({ name, verbs }) => groupCase(name, verbs)).join('\n')}
	esac
	case $command in
${commands.map(commandCase).join('\n')}
	*) return ;;
	esac
	# How many words before this one are neither options nor their values.
	for ((i = first; i < COMP_CWORD; i++)); do
		word=\${COMP_WORDS[i]}
		if [[ $value == yes ]]; then
			[[ $word == = ]] || value=no
		elif [[ $word == -* ]]; then
			_httpfn_takes_value "$command" "$word" && value=yes
		else
			((place++))
		fi
	done
	if [[ $value == yes || \${COMP_WORDS[COMP_CWORD]} == = ]]; then
		case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
		esac
	elif [[ $current == -* ]]; then
		choices=$options
	else
		case "$command $place" in
${commands.flatMap(parameterCases).join('\n')}
		esac
	fi
	case $kind in
	file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
	folder) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
	*) COMPREPLY=($(compgen -W "$choices" -- "$current")) ;;
	esac
}

_httpfn_takes_value() {
	case "$1 $2" in
${commands.flatMap(takingCases).join('\n')}
	esac
	return 1
}

complete -F _httpfn httpfn
`;
}

function groupCase(name: string, verbs: ReadonlyArray<{ readonly name: string }>): string {
	const words = verbs.map((verb) => verb.name).join(' ');
	return `	${name})
		if ((COMP_CWORD == 2)); then
			COMPREPLY=($(compgen -W '${words} --help' -- "$current"))
			return
		fi
		command="$command \${COMP_WORDS[2]}" first=3
		;;`;
}

function commandCase({ name, options }: CompletedCommand): string {
	return `	'${name}') options='${options.flatMap(({ flags }) => flags).join(' ')}' ;;`;
}

function takingCases({ name, options }: CompletedCommand): string[] {
	const flags = options.flatMap((option) => (option.value === null ? [] : option.flags));
	return flags.length === 0 ? [] : [`	${flags.map((flag) => `'${name} ${flag}'`).join(' | ')}) return 0 ;;`];
}

function valueCases({ name, options }: CompletedCommand): string[] {
	return options.flatMap(({ flags, value }) =>
		value === null ? [] : candidateCase(flags.map((flag) => `'${name} ${flag}'`).join(' | '), value),
	);
}

function parameterCases({ name, parameters }: CompletedCommand): string[] {
	return parameters.flatMap((candidates, place) => candidateCase(`'${name} ${place}'`, candidates));
}

function candidateCase(pattern: string, candidates: Candidates): string[] {
	switch (candidates.kind) {
		case 'choices':
			return [`		${pattern}) choices='${candidates.choices.join(' ')}' ;;`];
		case 'file':
		case 'folder':
			return [`		${pattern}) kind=${candidates.kind} ;;`];
		case 'text':
			return [];
		default:
			return candidates satisfies never;
	}
}
