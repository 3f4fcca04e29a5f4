/** Help pages, from the same data that the commands run on. */
import type { Command, CommandGroup, CommandOption, CommandSection } from './command.ts';
import { EXIT_MEANINGS } from './exit-code.ts';
import type { FoundCommand } from './find-command.ts';

const INDENT = '  ';
const LINE_CHARS_MAX = 110;
const FLAG_CHARS_MAX = 28;

export function helpPage(found: FoundCommand): string {
	return found.kind === 'group' ? groupHelp(found.group) : commandHelp(found.command);
}

export function rootHelp(sections: readonly CommandSection[]): string {
	const names = sections.flatMap(({ nodes }) => nodes.map(({ name }) => name.length));
	const width = Math.max(...names);
	return [
		'httpfn: runs FunctionGraph HTTP functions anywhere.',
		'',
		'Usage: httpfn COMMAND [OPTIONS]',
		'',
		...sections.flatMap(({ title, nodes }) => [`${title}:`, ...summaries(nodes, width), '']),
		'Examples:',
		`${INDENT}httpfn init node hello       start a function from a template; httpfn init asks for what is left out`,
		`${INDENT}httpfn run ./my-function     serve the function in that folder on http://127.0.0.1:8080`,
		`${INDENT}httpfn deploy ./my-function  send it to the server that httpfn serve is`,
		`${INDENT}httpfn help run              every option of a command`,
		'',
	].join('\n');
}

export function groupHelp({ name, summary, commands }: CommandGroup): string {
	return [
		`httpfn ${name}: ${summary}`,
		'',
		`Usage: httpfn ${name} VERB [OPTIONS]`,
		'',
		'Commands:',
		...summaries(commands),
		'',
		'Examples:',
		...exampleLines(commands.flatMap(({ examples }) => examples.slice(0, 1))),
		'',
	].join('\n');
}

/** `words` is what is typed before the options. */
export function commandHelp(command: Command, words = `httpfn ${command.name}`): string {
	const { usage, summary, parameters, options, notes, examples, exitCodes } = command;
	const lines = [`${words}: ${summary}`, '', `Usage: ${words} ${usage}`.trimEnd()];
	if (parameters.length > 0) lines.push('', ...summaries(parameters));
	for (const group of new Set(options.map((option) => option.group))) {
		const members = options.filter((option) => option.group === group);
		lines.push('', `${group}:`, ...members.flatMap(optionLines));
	}
	for (const note of notes) lines.push('', ...wrap(note, ''));
	lines.push(
		'',
		'Exit codes:',
		...exitCodes.map((code) => `${INDENT}${`${code}`.padEnd(5)}${EXIT_MEANINGS[code]}`),
	);
	lines.push('', 'Examples:', ...exampleLines(examples));
	return `${lines.join('\n')}\n`;
}

/** Names in one column, what they are in the next. */
function summaries(
	rows: ReadonlyArray<{ readonly name: string; readonly summary?: string; readonly sentence?: string }>,
	width = Math.max(...rows.map(({ name }) => name.length)),
): string[] {
	return rows.flatMap(({ name, summary, sentence }) => {
		const [first = '', ...rest] = wrap(summary ?? sentence ?? '', ' '.repeat(width + 2 * INDENT.length));
		return [`${INDENT}${name.padEnd(width)}${INDENT}${first.trimStart()}`, ...rest];
	});
}

function exampleLines(examples: Command['examples']): string[] {
	const width = Math.max(...examples.map(([line]) => line.length));
	return examples.map(([line, sentence]) => `${INDENT}${line.padEnd(width)}  # ${sentence}`);
}

function optionLines(option: CommandOption): string[] {
	const names = option.short === undefined ? option.flag : `${option.short}, ${option.flag}`;
	const head = `${names} ${option.placeholder}`.trimEnd();
	const fallback =
		option.fallbackText === '' || option.fallbackText === 'none' ? '' : ` (default: ${option.fallbackText})`;
	const [first = '', ...rest] = wrap(`${option.sentence}${fallback}`, ' '.repeat(FLAG_CHARS_MAX + 2));
	return [`${INDENT}${head.padEnd(FLAG_CHARS_MAX)}${first.trimStart()}`, ...rest];
}

function wrap(text: string, indent: string): string[] {
	const lines: string[] = [];
	let line = indent;
	for (const word of text.split(' ')) {
		if (line.length + word.length + 1 > LINE_CHARS_MAX && line !== indent) {
			lines.push(line);
			line = indent;
		}
		line += line === indent ? word : ` ${word}`;
	}
	return [...lines, line];
}
