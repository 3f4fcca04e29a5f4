/**
 * From a packed file to a folder of code that is known to be what was packed.
 *
 *   FOLDER/NAME@DIGEST        whole, or it is not there: unpacked beside, checked, renamed
 *   FOLDER/NAME@DIGEST+1 …    where another process uses one that has been changed
 *   FOLDER/.part-…, .gone-…   on its way in or out; whoever finds one that nobody uses removes it
 *
 * A folder that is found is compared with the manifest, file by file, before anything of it runs.
 */
import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE_LIMITS } from '../catalog/package-limits.ts';
import { openPrivateFolder } from '../catalog/private-folder.ts';
import { RuntimeError } from '../contract/errors.ts';
import { checkUnpacked } from './check-unpacked.ts';
import { FolderUse } from './folder-use.ts';
import { foldersOf } from './folders-of.ts';
import type { PackedItem } from './manifest.ts';
import { checkPart, type OpenPackage } from './open-package.ts';
import { invalid } from './trailer.ts';

export interface Unpacked {
	/** Absolute. */
	readonly folder: string;
	/** What was wrong with one that was there already; null for nothing. */
	readonly repaired: string | null;
	/** From then on others may remove it. Not needed at the end of the process. */
	release(): void;
}

const PART = '.part-';
const GONE = '.gone-';
/** Changed folders in use at one time, beyond which something else is wrong. */
const COPIES_MAX = 8;
/** Others may be at the same folder: each turn somebody has come further. */
const TURNS_MAX = 20;

/**
 * Unpacks into the first of `folders` that can be had, all absolute; the folder above each is there or made. The code stays locked until it is
 * released. Rejects with ERR_PACKED_INVALID, or with ERR_PACKED_FOLDER, which says of each folder why not.
 */
export async function unpackPackage(opened: OpenPackage, folders: readonly string[]): Promise<Unpacked> {
	await checkPart(opened, 'payload');
	const refused: string[] = [];
	for (const folder of folders) {
		const problem = openPrivateFolder(path.dirname(folder)) ?? openPrivateFolder(folder);
		if (problem !== null) {
			refused.push(problem);
			continue;
		}
		try {
			const unpacked = await unpackInto(folder, opened);
			await removeOthers(folder, path.basename(unpacked.folder), opened.manifest.name);
			return unpacked;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (error instanceof RuntimeError || code === undefined) throw error;
			refused.push(`${folder} can not be written (${code})`);
		}
	}
	throw new RuntimeError(
		'ERR_PACKED_FOLDER',
		`could not unpack the functions: ${refused.join('; ')}; wanted a folder of this user's with room for them`,
	);
}

async function unpackInto(parent: string, opened: OpenPackage): Promise<Unpacked> {
	const { name, items } = opened.manifest;
	const digest = opened.trailer.manifest.sha256.toString('hex');
	let repaired: string | null = null;
	let copy = 0;
	for (let turn = 0; turn < TURNS_MAX && copy < COPIES_MAX; turn++) {
		const folder = path.join(parent, `${name}@${digest}${copy === 0 ? '' : `+${copy}`}`);
		if (!(await isThere(folder))) await placeNew(parent, folder, opened);
		const use = FolderUse.share(folder);
		if (use === null) continue;
		const difference = differenceIn(folder, items, use);
		if (difference === null) return { folder, repaired, release: () => use.release() };
		repaired = `${folder}: ${difference}`;
		if (use.becomeAlone()) await discard(parent, folder);
		else copy += 1;
		use.release();
	}
	throw new RuntimeError('ERR_PACKED_FOLDER', `could not unpack the functions: ${repaired ?? parent}`);
}

/** What is used is released where it can not be compared. */
function differenceIn(folder: string, items: readonly PackedItem[], use: FolderUse): string | null {
	try {
		return checkUnpacked(folder, items);
	} catch (error) {
		use.release();
		throw error;
	}
}

/** A folder of this name, by us or by one who was faster. */
async function placeNew(parent: string, folder: string, opened: OpenPackage): Promise<void> {
	const { file, trailer, manifest } = opened;
	const part = path.join(parent, `${PART}${randomUUID()}`);
	await mkdir(part, { mode: 0o755 });
	const use = FolderUse.share(part);
	// Taken for a leftover by one who cleans up, in this very moment.
	if (use === null) return;
	try {
		// The zip library is loaded by those who need it.
		const { unpackZip } = await import('../catalog/unpack-zip.ts');
		const place = {
			file,
			start: trailer.runtime.bytes,
			bytes: trailer.payload.bytes,
			unpackedBytesMax: PACKAGE_LIMITS.unpackedBytesMax,
			synced: false,
		};
		await unpackZip(place, part);
		await setRights(part, manifest.items);
		const difference = checkUnpacked(part, manifest.items);
		if (difference !== null) throw invalid(`its manifest is of other files: ${difference}`);
		await rename(part, folder).catch((error) => {
			if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
		});
	} finally {
		use.release();
		await rm(part, { recursive: true, force: true });
	}
}

/** Whatever the umask is: in a place of its own a function is another user. */
async function setRights(folder: string, items: readonly PackedItem[]): Promise<void> {
	const set = (name: string, mode: number) =>
		chmod(path.join(folder, name), mode).catch((error) => {
			// What is missing is told by who compares.
			if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
		});
	for (const name of ['', ...foldersOf(items)]) await set(name, 0o755);
	for (const item of items) if (item.kind === 'file') await set(item.name, item.executable ? 0o555 : 0o444);
}

/** What was unpacked of other versions, and what others left half done, unless somebody uses it. */
async function removeOthers(parent: string, own: string, name: string): Promise<void> {
	for (const entry of await readdir(parent)) {
		const old = entry.startsWith(`${name}@`) || entry.startsWith(PART) || entry.startsWith(GONE);
		if (entry === own || !old) continue;
		const folder = path.join(parent, entry);
		const use = FolderUse.alone(folder);
		if (use === null) continue;
		// Removing is for order's sake: what can not be removed keeps no function from running.
		await discard(parent, folder).catch(() => {});
		use.release();
	}
}

async function discard(parent: string, folder: string): Promise<void> {
	const gone = path.join(parent, `${GONE}${randomUUID()}`);
	await rename(folder, gone);
	await rm(gone, { recursive: true, force: true });
}

async function isThere(folder: string): Promise<boolean> {
	try {
		await lstat(folder);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
}
