/** Which file of a folder without `bootstrap` is its fetch handler: decisions only, on what the caller read. */
import type { FolderEntry } from './bootstrap-file.ts';
import { ENTRY_NAMES } from './edge-program.ts';
import { RuntimeError } from './errors.ts';

/** `httpfn` of package.json, as far as edge functions have it. */
export interface PackageSettings {
	/** Path of the entry, relative to the folder. */
	readonly entry: string | null;
	/** Packages that are not bundled: the function's own node_modules has them when it runs. */
	readonly external: readonly string[];
}

const NONE: PackageSettings = { entry: null, external: [] };

/** `text` is package.json, null where there is none. Throws ERR_EDGE_ENTRY where `httpfn` of it is malformed. */
export function packageSettings(text: string | null): PackageSettings {
	const { httpfn } = parsed(text);
	if (httpfn === undefined) return NONE;
	if (!isObject(httpfn)) throw malformed('httpfn', httpfn, 'an object');
	const { entry = null, external = [] } = httpfn;
	if (entry !== null && (typeof entry !== 'string' || !isInside(entry)))
		throw malformed('httpfn.entry', entry, 'the path of a file in the folder, relative to it');
	if (!isPackages(external)) throw malformed('httpfn.external', external, 'a list of names of packages');
	return { entry: entry === null ? null : entry.replace(/^(?:\.\/+)+/, ''), external };
}

/** Null where the folder has no such file. */
export function edgeEntry(entries: readonly FolderEntry[], settings: PackageSettings): string | null {
	if (settings.entry !== null) return settings.entry;
	const files = new Set(entries.filter(({ kind }) => kind === 'file').map(({ name }) => name));
	return ENTRY_NAMES.find((name) => files.has(name)) ?? null;
}

/** What is no JSON is no concern of ours, until a bundler reads it. */
function parsed(text: string | null): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text ?? '{}');
		return isObject(value) ? value : {};
	} catch {
		return {};
	}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInside(path: string): boolean {
	return !path.startsWith('/') && !/^[./]*$/.test(path) && !path.split('/').includes('..');
}

/** An option of the bundler's, or a list in one name, is no package. */
function isPackages(value: unknown): value is readonly string[] {
	return (
		Array.isArray(value) && value.every((name) => typeof name === 'string' && /^[\w@][\w@./*:-]*$/.test(name))
	);
}

function malformed(key: string, found: unknown, wanted: string): RuntimeError {
	return new RuntimeError(
		'ERR_EDGE_ENTRY',
		`Could not use package.json: ${key} is ${JSON.stringify(found)}, wanted ${wanted}`,
	);
}
