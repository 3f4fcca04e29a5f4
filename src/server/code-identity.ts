import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Text that is the same for as long as a function's code is taken for the same: the folder, links followed, and the start file
 * by inode, size and time. What else is in the folder is not looked at: an instance reads it when it likes, and a folder of
 * thousands of files would make each reload slow. Null where it can not be read.
 */
export async function codeIdentity(codeRoot: string): Promise<string | null> {
	try {
		const folder = await realpath(codeRoot);
		const [root, bootstrap] = await Promise.all([
			stat(folder, { bigint: true }),
			stat(path.join(folder, 'bootstrap'), { bigint: true }),
		]);
		return [folder, root.dev, root.ino, bootstrap.dev, bootstrap.ino, bootstrap.size, bootstrap.mtimeNs].join(
			' ',
		);
	} catch {
		return null;
	}
}
