import { chmod, lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type FolderEntry, judgeBootstrapBytes, judgeCodeFolder } from '../contract/bootstrap-file.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { syncFolder } from './sync-folder.ts';
import { invalid } from './zip-entries.ts';

/** Folders looked into for a bootstrap one level down; more than that is no zip of a folder. */
const NESTED_LOOKUPS_MAX = 100;

/**
 * Judges a folder that has just been unpacked as the code of a function, and makes it so that whoever runs it can read and nobody
 * write. Rejects with ERR_BOOTSTRAP_*, ERR_CODE_INVALID, or with the system's error.
 */
export async function finishCodeFolder(folder: string): Promise<void> {
	await judge(folder);
	await makeReadable(folder);
}

async function judge(folder: string): Promise<void> {
	const names = await readdir(folder);
	const entries = await Promise.all(names.map((name) => entryOf(folder, name)));
	const folders = entries.filter(({ kind }) => kind === 'directory');
	const nested: string[] = [];
	for (const { name } of folders.slice(0, NESTED_LOOKUPS_MAX)) {
		const inner = await readdir(path.join(folder, name));
		if (inner.includes('bootstrap')) nested.push(name);
	}
	const refusal = judgeCodeFolder(entries, nested) ?? (await judgeBootstrap(path.join(folder, 'bootstrap')));
	if (refusal !== null) throw refusal;
}

async function judgeBootstrap(file: string): Promise<RuntimeError | null> {
	const { size } = await stat(file);
	const { bootstrapBytesMax } = PACKAGE_LIMITS;
	if (size <= bootstrapBytesMax) return judgeBootstrapBytes(await readFile(file));
	return invalid(`"bootstrap": found ${size} bytes, wanted at most ${bootstrapBytesMax}`);
}

async function entryOf(folder: string, name: string): Promise<FolderEntry> {
	try {
		const found = await stat(path.join(folder, name));
		return { name, kind: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other' };
	} catch {
		return { name, kind: 'other' };
	}
}

/** Folders keep the right to be removed by their owner. */
async function makeReadable(folder: string): Promise<void> {
	for (const name of await readdir(folder)) {
		const item = path.join(folder, name);
		const found = await lstat(item);
		if (found.isSymbolicLink()) continue;
		if (found.isDirectory()) await makeReadable(item);
		else await chmod(item, (found.mode & 0o111) === 0 ? 0o444 : 0o555);
	}
	await chmod(folder, 0o755);
	syncFolder(folder);
}
