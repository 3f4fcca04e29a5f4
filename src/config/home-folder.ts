import os from 'node:os';
import path from 'node:path';

/** Absolute. Null where there is none: a small system may have no HOME, and no list of users either. */
export function homeFolder(environment: Readonly<Record<string, string | undefined>>): string | null {
	const given = environment.HOME ?? systemHome();
	return given !== null && path.isAbsolute(given) ? given : null;
}

function systemHome(): string | null {
	try {
		return os.homedir();
	} catch {
		return null;
	}
}
