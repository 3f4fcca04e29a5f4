/** The manual page, in the man macros of roff, from the same data that the commands run on. */
import { SERVER_VARIABLES } from '../../config/server-address.ts';
import type { Command, CommandNode, CommandOption } from '../command.ts';
import { EXIT_MEANINGS } from '../exit-code.ts';
import { allCommands } from '../find-command.ts';

export function manualPage(nodes: readonly CommandNode[], version: string): string {
	return [
		`.TH HTTPFN 1 "" ${quoted(`httpfn ${version}`)} "User Commands"`,
		'.SH NAME',
		text('httpfn - runs FunctionGraph HTTP functions anywhere'),
		'.SH SYNOPSIS',
		'.B httpfn',
		'.I COMMAND',
		'[VERB] [WORDS] [OPTIONS]',
		'.SH DESCRIPTION',
		text(
			'Serves the function in a folder that holds a file bootstrap, as the platform would: with its headers, limits, errors, cold starts ' +
				'and scaling. With a state folder it also takes deployments, by the API of the platform.',
		),
		'.SH COMMANDS',
		...allCommands(nodes).flatMap(commandLines),
		'.SH ENVIRONMENT',
		...tagged('HTTPFN_…', 'Settings: each option of httpfn run has one, named on its page of the reference.'),
		...tagged(
			Object.values(SERVER_VARIABLES).join(', '),
			'Keys, or a token, project and region of the server that is spoken to, where its context has none.',
		),
		...tagged('NO_COLOR', 'With any value: no colours.'),
		'.SH FILES',
		...tagged('httpfn.json', 'In the folder of a function: its settings.'),
		...tagged('httpfn.yaml, httpfn.yml, httpfn.json', 'In the working folder: what httpfn serve serves.'),
		...tagged('$XDG_CONFIG_HOME/httpfn/contexts.json', 'What httpfn login remembers; else below ~/.config.'),
		'.SH EXIT STATUS',
		...Object.entries(EXIT_MEANINGS).flatMap(([code, meaning]) => tagged(code, meaning)),
		'',
	].join('\n');
}

function commandLines({ name, usage, summary, parameters, options, notes, examples }: Command): string[] {
	return [
		`.SS ${quoted(`httpfn ${name} ${usage}`.trimEnd())}`,
		text(summary),
		...parameters.flatMap((parameter) => tagged(parameter.name, parameter.sentence)),
		...options.flatMap(optionLines),
		...notes.flatMap((note) => ['.PP', text(note)]),
		'.PP',
		'.nf',
		...examples.map(([line, sentence]) => text(`${line}  # ${sentence}`)),
		'.fi',
	];
}

function optionLines({ flag, short, placeholder, sentence, fallbackText }: CommandOption): string[] {
	const names = short === undefined ? flag : `${short}, ${flag}`;
	const fallback = fallbackText === '' || fallbackText === 'none' ? '' : ` (default: ${fallbackText})`;
	return tagged(`${names} ${placeholder}`.trimEnd(), `${sentence}${fallback}`);
}

function tagged(tag: string, sentence: string): string[] {
	return ['.TP', `.B ${quoted(tag)}`, text(sentence)];
}

/** One line of running text: nothing in it is a request or an escape. */
function text(line: string): string {
	const escaped = literal(line);
	return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function quoted(argument: string): string {
	return `"${literal(argument).replaceAll('"', '\\(dq')}"`;
}

/** A hyphen that is typed is a minus to roff; what is not ASCII is named by its number. */
function literal(line: string): string {
	return line
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replaceAll(
			/[^ -~]/gu,
			(sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
		);
}
