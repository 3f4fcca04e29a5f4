import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from './templates.ts';

/** The text of each file of a template by its name, from the folder `examples` of the repository. */
export async function readTemplate(examples: string, template: Template): Promise<Record<string, string>> {
	const folder = join(examples, template.folder);
	const read = async (name: string) => [name, await readFile(join(folder, name), 'utf8')] as const;
	return Object.fromEntries(await Promise.all(template.files.map(read)));
}
