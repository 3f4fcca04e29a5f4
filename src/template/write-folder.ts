/**
 * Puts files into a folder: all of them, or none. They are written under other names first, so that a full disk, or a folder that may
 * not be written, shows before anything has changed.
 */
import { Buffer } from 'node:buffer';
import {
	lstat,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rename,
	rm,
	rmdir,
	stat,
	writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RuntimeError } from '../contract/errors.ts';

/** Names, relative to the folder. */
export interface FolderChange {
	readonly written: readonly string[];
	/** Were there with another content, which is gone. */
	readonly replaced: readonly string[];
	/** Were there as they are to be. */
	readonly unchanged: readonly string[];
}

const FAULTS: Readonly<Record<string, string>> = {
	ENOSPC: 'the disk is full',
	EDQUOT: 'the disk quota is used up',
	EACCES: 'it may not be written',
	EPERM: 'it may not be written',
	EROFS: 'it lies on a disk that may only be read',
	ENOTDIR: 'a file stands in its place, or above it',
	EEXIST: 'a file stands in its place',
	EISDIR: 'a folder stands in its place',
	ENAMETOOLONG: 'the name is too long',
	ENOENT: 'it cannot be made there',
	ELOOP: 'its links lead in a circle',
};

/** A version control that is there already is no content. */
const NOT_COUNTED = new Set(['.git']);

/** Whether `folder` is not there, or holds nothing. Rejects as `writeFolder` does. */
export async function isFreeFolder(folder: string): Promise<boolean> {
	try {
		return (await readdir(folder)).every((name) => NOT_COUNTED.has(name));
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return true;
		throw unwritable(folder, error);
	}
}

/**
 * Makes the folder, with those above it, where it is not there. Rejects with ERR_FOLDER_NOT_EMPTY where it holds something and
 * `force` is false, and with ERR_FOLDER_UNWRITABLE; then nothing has changed.
 */
export async function writeFolder(
	folder: string,
	files: ReadonlyMap<string, string>,
	force: boolean,
): Promise<FolderChange> {
	if (!force && !(await isFreeFolder(folder))) {
		throw new RuntimeError(
			'ERR_FOLDER_NOT_EMPTY',
			`${JSON.stringify(folder)} holds files, wanted a new or empty folder`,
		);
	}
	const parents = await missingFolders(folder);
	let stage: string | null = null;
	try {
		for (const parent of parents.toReversed()) await mkdir(parent);
		const change = await compare(folder, files);
		stage = await mkdtemp(join(folder, '.httpfn-init-'));
		await fill(stage, files, [...change.written, ...change.replaced]);
		await moveAll(stage, folder, change);
		return change;
	} catch (error) {
		if (stage !== null) await rm(stage, { recursive: true, force: true });
		stage = null;
		// Deepest first, and only what is empty.
		for (const made of parents) await rmdir(made).catch(() => {});
		throw error instanceof RuntimeError ? error : unwritable(folder, error);
	} finally {
		if (stage !== null) await rm(stage, { recursive: true, force: true });
	}
}

/** Those of `folder` and the ones above it that are not there; the deepest first. */
async function missingFolders(folder: string): Promise<string[]> {
	const missing: string[] = [];
	for (let path = folder; !(await exists(path)); path = dirname(path)) missing.push(path);
	return missing;
}

async function exists(path: string): Promise<boolean> {
	return await lstat(path).then(
		() => true,
		(error) => codeOf(error) !== 'ENOENT',
	);
}

async function compare(folder: string, files: ReadonlyMap<string, string>): Promise<FolderChange> {
	const change = { written: [] as string[], replaced: [] as string[], unchanged: [] as string[] };
	for (const name of [...files.keys()].sort()) {
		change[await stateOf(join(folder, name), files.get(name) ?? '')].push(name);
	}
	return change;
}

/** What is no file is not read: a pipe would never end. */
async function stateOf(path: string, wanted: string): Promise<keyof FolderChange> {
	try {
		const found = await stat(path);
		if (found.isDirectory()) throw unwritable(path, { code: 'EISDIR' });
		if (!found.isFile() || found.size !== Buffer.byteLength(wanted)) return 'replaced';
		return (await readFile(path, 'utf8')) === wanted ? 'unchanged' : 'replaced';
	} catch (error) {
		if (error instanceof RuntimeError) throw error;
		// A link that leads nowhere is there, all the same.
		if (codeOf(error) === 'ENOENT') return (await exists(path)) ? 'replaced' : 'written';
		throw unwritable(path, error);
	}
}

async function fill(
	stage: string,
	files: ReadonlyMap<string, string>,
	names: readonly string[],
): Promise<void> {
	for (const name of names) {
		await mkdir(dirname(join(stage, name)), { recursive: true });
		await writeFile(join(stage, name), files.get(name) ?? '');
	}
}

/** What is new is taken away again where one cannot be moved. */
async function moveAll(stage: string, folder: string, { written, replaced }: FolderChange): Promise<void> {
	const moved: string[] = [];
	const made: string[] = [];
	try {
		for (const name of [...written, ...replaced]) {
			const first = await mkdir(dirname(join(folder, name)), { recursive: true });
			if (first !== undefined) made.unshift(first);
			await rename(join(stage, name), join(folder, name));
			moved.push(name);
		}
	} catch (error) {
		for (const name of moved.filter((each) => written.includes(each)))
			await rm(join(folder, name), { force: true });
		for (const path of made) await rmdir(path).catch(() => {});
		throw error;
	}
}

function unwritable(path: string, cause: unknown): RuntimeError {
	const code = codeOf(cause);
	const fault = FAULTS[code] ?? (cause instanceof Error ? cause.message : String(cause));
	const message = `Could not write ${JSON.stringify(path)}: ${fault} (${code})`;
	return new RuntimeError('ERR_FOLDER_UNWRITABLE', message, { cause });
}

function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
