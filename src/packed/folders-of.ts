import type { PackedItem } from './manifest.ts';

/** Names of all folders that these files, folders and links are, or lie in. */
export function foldersOf(items: readonly PackedItem[]): ReadonlySet<string> {
	const folders = new Set<string>();
	for (const { name, kind } of items) {
		if (kind === 'folder') folders.add(name);
		for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
			folders.add(name.slice(0, slash));
		}
	}
	return folders;
}
