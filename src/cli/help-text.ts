/** Help pages, from the same data that the commands run on. */
import type { Command, CommandOption } from './command.ts';
import { EXIT_MEANINGS } from './exit-code.ts';

const INDENT = '  ';
const LINE_CHARS_MAX = 110;
const FLAG_CHARS_MAX = 28;

export function rootHelp(commands: readonly Command[]): string {
	const width = Math.max(...commands.map(({ name }) => name.length));
	return [
		'httpfn: runs FunctionGraph HTTP functions anywhere.',
		'',
		'Usage: httpfn COMMAND [OPTIONS]',
		'',
		'Commands:',
		...commands.map(({ name, summary }) => `${INDENT}${name.padEnd(width)}  ${summary}`),
		'',
		'Examples:',
		`${INDENT}httpfn run ./my-function     serve the function in that folder on http://127.0.0.1:8080`,
		`${INDENT}httpfn help run              every option of a command`,
		'',
	].join('\n');
}

export function commandHelp(command: Command): string {
	const { name, usage, summary, parameter, options, notes, examples, exitCodes } = command;
	const lines = [`httpfn ${name}: ${summary}`, '', `Usage: httpfn ${name} ${usage}`.trimEnd()];
	if (parameter !== null) lines.push('', `${INDENT}${parameter.name}  ${parameter.sentence}`);
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
	lines.push('', 'Examples:');
	const width = Math.max(...examples.map(([line]) => line.length));
	for (const [line, sentence] of examples) lines.push(`${INDENT}${line.padEnd(width)}  # ${sentence}`);
	return `${lines.join('\n')}\n`;
}

function optionLines(option: CommandOption): string[] {
	const head = `${option.flag} ${option.placeholder}`.trimEnd();
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
