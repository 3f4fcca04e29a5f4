/** What is in a folder that is to be packed. Nothing is left out in silence. */
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { invalid, judgeName, shown } from './zip-entries.ts';

export type Found =
	| {
			readonly kind: 'file';
			readonly name: string;
			/** Absolute; a link followed. */
			readonly file: string;
			readonly bytes: number;
			readonly executable: boolean;
	  }
	/** One with nothing in it; the others follow from their files. */
	| { readonly kind: 'folder'; readonly name: string }
	| { readonly kind: 'link'; readonly name: string; readonly target: string };

/** What becomes of links within the folder: the file or folder they lead to, or links again. */
type Links = 'followed' | 'kept';

/**
 * By name, without those that `left` names. A link that leads out of the folder or nowhere is refused, and so is one that is followed to a folder which holds it. Rejects with
 * ERR_CODE_INVALID, which names the entry.
 */
export async function filesOf(
	folder: string,
	links: Links,
	left: readonly string[] = [],
): Promise<readonly Found[]> {
	const root = await realpath(folder);
	const files: Found[] = [];
	await walk({ folder: root, prefix: '', above: [root] }, files, { root, links, left });
	return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Place {
	readonly folder: string;
	readonly prefix: string;
	readonly above: readonly string[];
}

interface Walk {
	readonly root: string;
	readonly links: Links;
	/** Names that are passed over. */
	readonly left: readonly string[];
}

async function walk({ folder, prefix, above }: Place, files: Found[], how: Walk): Promise<void> {
	const entries = await reading(prefix, () => readdir(folder, { withFileTypes: true }));
	if (entries.length === 0 && prefix !== '') files.push({ kind: 'folder', name: prefix.slice(0, -1) });
	for (const entry of entries) {
		const name = `${prefix}${entry.name}`;
		if (how.left.includes(name)) continue;
		judgeName(name);
		const own = path.join(folder, entry.name);
		const item = entry.isSymbolicLink() ? await followed(own, name, how.root) : own;
		if (entry.isSymbolicLink() && how.links === 'kept') {
			files.push({ kind: 'link', name, target: await targetOf(own, folder, how.root) });
			continue;
		}
		const found = await reading(name, () => stat(item));
		if (found.isFile()) {
			const executable = (found.mode & 0o111) !== 0;
			files.push({ kind: 'file', name, file: item, bytes: found.size, executable });
		} else if (found.isDirectory()) {
			if (above.includes(item)) throw invalid(`${shown(name)}: found a link to a folder that holds it`);
			await walk({ folder: item, prefix: `${name}/`, above: [...above, item] }, files, how);
		} else {
			throw invalid(`${shown(name)}: found a device, socket or pipe, wanted files and folders`);
		}
		if (files.length > PACKAGE_LIMITS.entriesMax) {
			throw invalid(`found more than ${PACKAGE_LIMITS.entriesMax} files`);
		}
	}
}

/** As it is written, but that an absolute one becomes the way there from where the link is. */
async function targetOf(link: string, folder: string, root: string): Promise<string> {
	const target = await readlink(link);
	if (!path.isAbsolute(target)) return target;
	const within = path.relative(root, target);
	const reached = within.startsWith('..') ? await realpath(link) : target;
	return path.relative(folder, reached) || '.';
}

/** A file that can not be read is named. */
export async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw invalid(`${shown(name)}: could not be read: ${code ?? message}`, error);
	}
}

async function followed(link: string, name: string, root: string): Promise<string> {
	let target: string;
	try {
		target = await realpath(link);
	} catch (error) {
		throw invalid(`${shown(name)}: found a link that leads nowhere`, error);
	}
	if (target === root || target.startsWith(`${root}/`)) return target;
	throw invalid(`${shown(name)}: found a link to ${shown(target)}, wanted one that stays in the folder`);
}
