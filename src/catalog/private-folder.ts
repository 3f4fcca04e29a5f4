import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import process from 'node:process';

/**
 * Makes the folder, or takes the one that is there if nobody else can have put anything into it: it belongs to this user, who alone
 * may write it. /tmp is everybody's. Answers what is wrong with it, null for nothing.
 */
export function openPrivateFolder(folder: string): string | null {
	try {
		mkdirSync(folder, { mode: 0o700 });
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== 'EEXIST') return `${folder} can not be made (${code ?? error})`;
	}
	const problem = judgePrivateFolder(folder);
	if (problem !== null) return problem;
	try {
		chmodSync(folder, 0o700);
		return null;
	} catch (error) {
		return `${folder} can not be made private (${(error as NodeJS.ErrnoException).code ?? error})`;
	}
}

/** The same without making it. */
export function judgePrivateFolder(folder: string): string | null {
	try {
		const status = lstatSync(folder);
		if (!status.isDirectory()) return `${folder} is no folder`;
		const user = process.geteuid?.() ?? status.uid;
		if (status.uid !== user) return `${folder} belongs to user ${status.uid}, not to ${user}`;
		if ((status.mode & 0o022) !== 0) return `${folder} can be written by others`;
		return null;
	} catch (error) {
		return `${folder} can not be read (${(error as NodeJS.ErrnoException).code ?? error})`;
	}
}
