/**
 * Reads a code folder, one level deep, and has the contract judge it. Without promises: a start and a cold start wait for it, and a thread that
 * reads for an engine takes longer to wake than such a file takes to read. Where the folder itself is slow, so is the spawn of its
 * bootstrap, which blocks too.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderEntry } from '../contract/bootstrap-file.ts';
import { isStartFile, judgeBootstrapBytes, judgeCodeFolder } from '../contract/bootstrap-file.ts';
import { edgeEntry, packageSettings } from '../contract/edge-entry.ts';
import { type EdgeProgram, isWrittenBootstrap, WRITTEN_BUNDLE } from '../contract/edge-program.ts';
import { RuntimeError } from '../contract/errors.ts';

/** Folders looked into for a bootstrap one level down; more than that is no zip of a folder. */
const NESTED_LOOKUPS_MAX = 100;

/** What a code folder is started by. */
export type StartFile =
	/** bash runs the file `bootstrap`. */
	| { readonly kind: 'bootstrap' }
	/** An edge function as `httpfn bootstrap` wrote it: httpfn runs the bundle. */
	| {
			readonly kind: 'written';
			readonly program: EdgeProgram;
			/** Its entry has been changed since. */
			readonly isOlder: boolean;
	  }
	/** An edge function that is to be bundled. */
	| ({ readonly kind: 'entry' } & EdgeEntry);

/** The entry of an edge function. */
export interface EdgeEntry {
	/** Relative to the code root. */
	readonly entry: string;
	readonly external: readonly string[];
}

/** Throws what `checkCodeFolder` does, and ERR_EDGE_ENTRY; not for edge functions. */
export function findStartFile(codeRoot: string): StartFile {
	const entries = readFolder(codeRoot);
	const found = entries.some(isStartFile) ? null : entryOf(codeRoot, entries);
	if (found !== null) return { kind: 'entry', ...found };
	const program = writtenProgram(codeRoot, judge(codeRoot, entries));
	if (program === null) return { kind: 'bootstrap' };
	const sources = entryOf(codeRoot, entries);
	const isOlder = sources !== null && isNewer(join(codeRoot, sources.entry), program.bundle);
	return { kind: 'written', program, isOlder };
}

/**
 * What a bootstrap is to be written for: null where there is no entry, or a bootstrap that `httpfn bootstrap` did not write. Throws as
 * `findStartFile` does.
 */
export function findEntry(codeRoot: string): EdgeEntry | null {
	const entries = readFolder(codeRoot);
	const bootstrap = readText(join(codeRoot, 'bootstrap'));
	if (entries.some(isStartFile) && (bootstrap === null || !isWrittenBootstrap(bootstrap))) return null;
	return entryOf(codeRoot, entries);
}

function entryOf(codeRoot: string, entries: readonly FolderEntry[]): EdgeEntry | null {
	const settings = packageSettings(readText(join(codeRoot, 'package.json')));
	const entry = edgeEntry(entries, settings);
	if (entry === null) return null;
	if (targetKind(join(codeRoot, entry)) === 'file') return { entry, external: settings.external };
	const found = `httpfn.entry is ${JSON.stringify(entry)}, wanted a file that is there`;
	throw new RuntimeError('ERR_EDGE_ENTRY', `Could not use package.json: ${found}`);
}

/** The program of a bootstrap that `httpfn bootstrap` wrote; null for any other. Without `known`, its text, it is read. */
export function writtenProgram(codeRoot: string, known?: string): EdgeProgram | null {
	const bootstrap = known ?? readText(join(codeRoot, 'bootstrap'));
	if (bootstrap === null || !isWrittenBootstrap(bootstrap)) return null;
	const bundle = join(codeRoot, WRITTEN_BUNDLE);
	return targetKind(bundle) === 'file' ? { bundle } : null;
}

/** The folder's bootstrap, as Latin-1 text. Throws ERR_CODE_FOLDER_MISSING or ERR_BOOTSTRAP_* where bash could not run it, and ERR_SPAWN_FAILED when no file can be opened. */
export function checkCodeFolder(codeRoot: string): string {
	return judge(codeRoot, readFolder(codeRoot));
}

function judge(codeRoot: string, entries: readonly FolderEntry[]): string {
	// A directory is not followed by a look into its neighbours: the judge names the directory itself.
	const hasBootstrap = entries.some((entry) => entry.name === 'bootstrap');
	const nested = hasBootstrap ? [] : nestedBootstraps(codeRoot, entries);
	const misplaced = judgeCodeFolder(entries, nested);
	if (misplaced !== null) throw misplaced;
	const bytes = readBootstrap(codeRoot);
	const unusable = judgeBootstrapBytes(bytes);
	if (unusable !== null) throw unusable;
	return bytes.toString('latin1');
}

function readFolder(codeRoot: string): FolderEntry[] {
	try {
		return readdirSync(codeRoot, { withFileTypes: true }).map((entry): FolderEntry => {
			if (entry.isFile()) return { name: entry.name, kind: 'file' };
			if (entry.isDirectory()) return { name: entry.name, kind: 'directory' };
			return { name: entry.name, kind: targetKind(join(codeRoot, entry.name)) };
		});
	} catch (cause) {
		refuseForFiles(cause);
		throw new RuntimeError(
			'ERR_CODE_FOLDER_MISSING',
			`Could not read the code folder "${codeRoot}": ${folderFault(cause)}, wanted a folder that holds bootstrap`,
			{ cause },
		);
	}
}

/** Having no file left to open is no fault of the function's. */
function refuseForFiles(cause: unknown): void {
	const { code } = cause as NodeJS.ErrnoException;
	if (code !== 'EMFILE' && code !== 'ENFILE') return;
	throw new RuntimeError(
		'ERR_SPAWN_FAILED',
		`Could not read the code folder: ${code}, no more files may be opened`,
		{
			cause,
		},
	);
}

function folderFault(cause: unknown): string {
	const { code } = cause as NodeJS.ErrnoException;
	switch (code) {
		case 'ENOENT':
			return 'there is no such folder';
		case 'ENOTDIR':
			return 'it is not a folder';
		case 'EACCES':
		case 'EPERM':
			return 'permission denied';
		default:
			return String(code ?? cause);
	}
}

function targetKind(path: string): FolderEntry['kind'] {
	try {
		const target = statSync(path);
		if (target.isFile()) return 'file';
		return target.isDirectory() ? 'directory' : 'other';
	} catch {
		return 'other';
	}
}

function nestedBootstraps(codeRoot: string, entries: readonly FolderEntry[]): string[] {
	const folders = entries.filter((entry) => entry.kind === 'directory').slice(0, NESTED_LOOKUPS_MAX);
	return folders
		.map(({ name }) => name)
		.filter((name) => targetKind(join(codeRoot, name, 'bootstrap')) === 'file');
}

function isNewer(path: string, other: string): boolean {
	return statSync(path).mtimeMs > statSync(other).mtimeMs;
}

/** Null where it can not be read. */
function readText(path: string): string | null {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}

function readBootstrap(codeRoot: string): Buffer {
	const path = join(codeRoot, 'bootstrap');
	try {
		return readFileSync(path);
	} catch (cause) {
		refuseForFiles(cause);
		const { code } = cause as NodeJS.ErrnoException;
		throw new RuntimeError(
			'ERR_BOOTSTRAP_UNREADABLE',
			`Could not read the start file "${path}": ${code ?? cause}, wanted a file that this user may read`,
			{ cause },
		);
	}
}
