/** Where the programs of a PATH really are. */
import { realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** Programs that bootstraps start by their bare names. */
const INTERPRETERS = [
	'node',
	'nodejs',
	'python3',
	'python',
	'java',
	'php',
	'dotnet',
	'ruby',
	'perl',
	'bun',
	'deno',
];
/** Beside a folder of programs: what those programs are made of. */
const COMPANIONS = ['lib', 'lib64', 'libexec', 'versions'];

/** The last answer: it costs a hundred looks at files, and each start asks. */
let known: { readonly path: string; readonly folders: readonly string[] } | null = null;

/** The folders of PATH that an instance can be shown, and those that its interpreters lead to by links, which come last. */
export function programFolders(path: string): readonly string[] {
	if (known?.path !== path) known = { path, folders: findFolders(path) };
	return known.folders;
}

function findFolders(path: string): string[] {
	const folders = path.split(delimiter).filter((folder) => folder.startsWith('/') && isFolder(folder));
	const real = new Set<string>();
	for (const name of INTERPRETERS) {
		const found = folders
			.filter((folder) => !isCovered(folder))
			.map((folder) => realFile(join(folder, name)))
			.find((file) => file !== null);
		if (found !== undefined && found !== null) real.add(dirname(found));
	}
	return [...new Set([...folders, ...real])].filter((folder) => !isCovered(folder));
}

/** Whether an instance's own /tmp lies over it. */
export function isCovered(path: string): boolean {
	return path === '/tmp' || path.startsWith('/tmp/');
}

/** A folder of programs with what lies beside it and belongs to them. */
export function withCompanions(folder: string): string[] {
	if (!/^(?:s?bin|shims)$/.test(basename(folder))) return [folder];
	const beside = COMPANIONS.map((name) => join(dirname(folder), name));
	return [folder, ...beside.filter(isFolder)];
}

function realFile(path: string): string | null {
	try {
		const real = realpathSync(path);
		return statSync(real).isFile() ? real : null;
	} catch {
		return null;
	}
}

export function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
