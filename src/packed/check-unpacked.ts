import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { foldersOf } from './folders-of.ts';
import type { PackedItem } from './manifest.ts';

/**
 * Compares a folder with what it was unpacked from: content by digest, the right to execute, links, and that nothing was added. Answers
 * the first difference, null where there is none. Rejects with the system's error.
 */
export async function checkUnpacked(folder: string, items: readonly PackedItem[]): Promise<string | null> {
	const wanted = new Map(items.map((item) => [item.name, item]));
	const folders = foldersOf(items);
	const added = await findAdded(folder, '', wanted, folders);
	if (added !== null) return `${JSON.stringify(added)} was added`;
	for (const item of items) {
		const difference = await differenceOf(path.join(folder, item.name), item);
		if (difference !== null) return `${JSON.stringify(item.name)} ${difference}`;
	}
	return null;
}

async function findAdded(
	folder: string,
	prefix: string,
	wanted: ReadonlyMap<string, PackedItem>,
	folders: ReadonlySet<string>,
): Promise<string | null> {
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const name = `${prefix}${entry.name}`;
		if (!entry.isDirectory()) {
			if (!wanted.has(name)) return name;
			continue;
		}
		if (!folders.has(name)) return name;
		const below = await findAdded(path.join(folder, entry.name), `${name}/`, wanted, folders);
		if (below !== null) return below;
	}
	return null;
}

async function differenceOf(place: string, item: PackedItem): Promise<string | null> {
	const found = await lstat(place).catch((error) => {
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
		throw error;
	});
	if (found === null) return 'is missing';
	if (found.uid !== (process.geteuid?.() ?? found.uid)) return `belongs to user ${found.uid}`;
	switch (item.kind) {
		case 'folder':
			return found.isDirectory() ? null : 'is no folder';
		case 'link':
			return found.isSymbolicLink() && (await readlink(place)) === item.target ? null : 'leads elsewhere';
		case 'file': {
			if (!found.isFile()) return 'is no file';
			if (found.size !== item.bytes) return `has ${found.size} bytes, not ${item.bytes}`;
			if ((found.mode & 0o777) !== (item.executable ? 0o555 : 0o444)) return 'has other rights';
			const hash = createHash('sha256');
			await pipeline(createReadStream(place), hash);
			return hash.digest('hex') === item.sha256 ? null : 'has other content';
		}
		default:
			return item satisfies never;
	}
}
