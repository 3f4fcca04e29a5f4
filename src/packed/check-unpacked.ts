import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { foldersOf } from './folders-of.ts';
import type { PackedItem } from './manifest.ts';

const PIECE_BYTES = 1024 * 1024;

/**
 * Compares a folder with what it was unpacked from: content by digest, the right to execute, links, and that nothing was added. Answers
 * the first difference, null where there is none. Throws the system's error. Nothing is served yet, so nothing waits for it; with a promise
 * for each of thousands of small files it took several times as long.
 */
export function checkUnpacked(folder: string, items: readonly PackedItem[]): string | null {
	const wanted = new Map(items.map((item) => [item.name, item]));
	const folders = foldersOf(items);
	const added = findAdded(folder, '', wanted, folders);
	if (added !== null) return `${JSON.stringify(added)} was added`;
	const piece = Buffer.allocUnsafe(PIECE_BYTES);
	for (const item of items) {
		const difference = differenceOf(path.join(folder, item.name), item, piece);
		if (difference !== null) return `${JSON.stringify(item.name)} ${difference}`;
	}
	return null;
}

function findAdded(
	folder: string,
	prefix: string,
	wanted: ReadonlyMap<string, PackedItem>,
	folders: ReadonlySet<string>,
): string | null {
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const name = `${prefix}${entry.name}`;
		if (!entry.isDirectory()) {
			if (!wanted.has(name)) return name;
			continue;
		}
		if (!folders.has(name)) return name;
		const below = findAdded(path.join(folder, entry.name), `${name}/`, wanted, folders);
		if (below !== null) return below;
	}
	return null;
}

function differenceOf(place: string, item: PackedItem, piece: Buffer): string | null {
	const found = statusOf(place);
	if (found === null) return 'is missing';
	if (found.uid !== (process.geteuid?.() ?? found.uid)) return `belongs to user ${found.uid}`;
	switch (item.kind) {
		case 'folder':
			return found.isDirectory() ? null : 'is no folder';
		case 'link':
			return found.isSymbolicLink() && readlinkSync(place) === item.target ? null : 'leads elsewhere';
		case 'file': {
			if (!found.isFile()) return 'is no file';
			if (found.size !== item.bytes) return `has ${found.size} bytes, not ${item.bytes}`;
			if ((found.mode & 0o777) !== (item.executable ? 0o555 : 0o444)) return 'has other rights';
			return digestOf(place, piece) === item.sha256 ? null : 'has other content';
		}
		default:
			return item satisfies never;
	}
}

/** Null where there is nothing. */
function statusOf(place: string): Stats | null {
	try {
		return lstatSync(place);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return null;
		throw error;
	}
}

function digestOf(place: string, piece: Buffer): string {
	const hash = createHash('sha256');
	const descriptor = openSync(place, 'r');
	try {
		for (;;) {
			const bytes = readSync(descriptor, piece, 0, piece.length, null);
			if (bytes === 0) return hash.digest('hex');
			hash.update(piece.subarray(0, bytes));
		}
	} finally {
		closeSync(descriptor);
	}
}
