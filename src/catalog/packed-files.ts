import { type Found, filesOf } from './folder-files.ts';

/** How a package differs from its folder. */
export interface PackageChanges {
	/** Packed too, in place of what the folder has under the same names. */
	readonly added?: readonly Found[];
	/** Names at the root of the folder that are left out. */
	readonly left?: readonly string[];
}

/** What a package of the folder has, by name, links followed. Rejects as `filesOf` does. */
export async function packedFiles(
	folder: string,
	{ added = [], left = [] }: PackageChanges,
): Promise<readonly Found[]> {
	const names = new Set(added.map(({ name }) => name));
	const own = await filesOf(folder, 'followed', left);
	const files = [...own.filter(({ name }) => !names.has(name)), ...added];
	return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}
