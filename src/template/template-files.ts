/** The files of a template: what the build put into the executable, or what lies in the repository. */
import { fileURLToPath } from 'node:url';
import { readTemplate } from './read-template.ts';
import type { Template } from './templates.ts';

/** Put in by the build: the texts of all templates, as JSON. */
declare const HTTPFN_TEMPLATES: string | undefined;

type Texts = Readonly<Record<string, string>>;

/** Text by name, in no order. A `name` becomes the function's, in its httpfn.json. */
export async function templateFiles(
	template: Template,
	name: string | null,
): Promise<ReadonlyMap<string, string>> {
	const files = new Map(Object.entries(await texts(template)));
	if (name === null) return files;
	const settings = JSON.parse(files.get('httpfn.json') ?? '{}') as object;
	return files.set('httpfn.json', `${JSON.stringify({ name, ...settings }, null, '\t')}\n`);
}

async function texts(template: Template): Promise<Texts> {
	const bundled = typeof HTTPFN_TEMPLATES === 'string' ? HTTPFN_TEMPLATES : null;
	if (bundled === null) {
		return await readTemplate(fileURLToPath(new URL('../../examples', import.meta.url)), template);
	}
	const all = JSON.parse(bundled) as Readonly<Record<string, Texts>>;
	return all[template.name] ?? {};
}
