import { shellQuoted } from '../../base/shell-quoted.ts';
import type { Template } from '../../template/templates.ts';
import type { FolderChange } from '../../template/write-folder.ts';
import { printable } from '../printable.ts';

export interface Started {
	readonly template: Template;
	/** The folder, as it was typed. */
	readonly typed: string;
	readonly change: FolderChange;
	/** The template's setup has run already. */
	readonly setupDone: boolean;
}

const URL = 'http://127.0.0.1:8080';

/** What was made, and the commands to go on with. */
export function startedText(started: Started): {
	readonly text: string;
	readonly commands: readonly string[];
} {
	const { template, typed, change, setupDone } = started;
	const steps: [command: string, sentence: string][] = [];
	if (!/^(\.\/*)*$/.test(typed)) steps.push([`cd ${shellWord(typed)}`, '']);
	if (!setupDone) steps.push(...template.setup.map((line): [string, string] => [line, '']));
	steps.push(['httpfn run', `serves it on ${URL}, until Ctrl-C`]);
	steps.push([`curl ${URL}/`, 'asks it, from another terminal']);
	steps.push([template.test, 'asks it, and judges the answers']);
	const width = Math.max(
		...steps.filter(([, sentence]) => sentence !== '').map(([command]) => command.length),
	);
	const lines = steps.map(([command, sentence]) =>
		sentence === '' ? `  ${command}` : `  ${command.padEnd(width)}  # ${sentence}`,
	);
	const text = `${changeText(typed, change)}\nNext:\n${printable(lines.join('\n'))}\n`;
	return { text, commands: steps.map(([command]) => command) };
}

function changeText(typed: string, { written, replaced, unchanged }: FolderChange): string {
	const parts: readonly (readonly [string, readonly string[]])[] = [
		['written', written],
		['replaced', replaced],
		['as it was', unchanged],
	];
	const lines = parts
		.filter(([, names]) => names.length > 0)
		.map(([what, names]) => `${what}: ${names.join(', ')}\n`);
	return `${printable(typed)}\n${lines.map((line) => `  ${line}`).join('')}`;
}

/** A word as a shell takes it, and no command takes it for an option. */
function shellWord(text: string): string {
	const word = text.startsWith('-') ? `./${text}` : text;
	return /^[\w./@%+:,-]+$/.test(word) ? word : shellQuoted(word);
}
