/** The questions of `httpfn init`: on stderr, answered by lines of standard input. An answer that cannot be is told, and asked for again. */
import path from 'node:path';
import type { DescriptorSink } from '../../telemetry/descriptor-sink.ts';
import { TEMPLATES, type Template } from '../../template/templates.ts';
import { isFreeFolder } from '../../template/write-folder.ts';
import { printable } from '../printable.ts';
import { TypedLines } from './typed-lines.ts';

const DEFAULT_FOLDER = 'hello';

export interface Questions {
	/** Null: it is asked for. */
	readonly template: Template | null;
	readonly stderr: DescriptorSink;
	readonly workingFolder: string;
	/** A folder that holds files is an answer too. */
	readonly force: boolean;
}

export interface Answers {
	readonly template: Template;
	/** As typed. */
	readonly folder: string;
}

/** Null: input ended before all was answered. */
export async function askWhatIsMissing(questions: Questions): Promise<Answers | null> {
	const lines = new TypedLines();
	try {
		const template = questions.template ?? (await askTemplate(lines, questions.stderr));
		if (template === null) return null;
		const folder = await askFolder(lines, questions);
		return folder === null ? null : { template, folder };
	} finally {
		lines.close();
	}
}

async function askTemplate(lines: TypedLines, stderr: DescriptorSink): Promise<Template | null> {
	const width = Math.max(...TEMPLATES.map(({ name }) => name.length));
	const rows = TEMPLATES.map(
		({ name, summary }, index) => `${`${index + 1}`.padStart(4)}  ${name.padEnd(width)}  ${summary}\n`,
	);
	stderr.writeText(rows.join(''));
	for (;;) {
		stderr.writeText('Template, by number or name [1]: ');
		const line = await lines.next();
		if (line === null) return null;
		const answer = line.trim();
		const found = TEMPLATES.find(
			({ name }, index) => answer === name || answer === `${index + 1}` || (answer === '' && index === 0),
		);
		if (found !== undefined) return found;
		stderr.writeText(`found ${shown(answer)}, wanted a number from 1 to ${TEMPLATES.length}, or a name\n`);
	}
}

async function askFolder(
	lines: TypedLines,
	{ stderr, workingFolder, force }: Questions,
): Promise<string | null> {
	for (;;) {
		stderr.writeText(`Folder [${DEFAULT_FOLDER}]: `);
		const line = await lines.next();
		if (line === null) return null;
		const answer = line.trim() || DEFAULT_FOLDER;
		if (force || (await isFreeFolder(path.resolve(workingFolder, answer)))) return answer;
		stderr.writeText(`${shown(answer)} holds files, wanted a new or empty folder\n`);
	}
}

function shown(answer: string): string {
	return `"${printable(answer)}"`;
}
