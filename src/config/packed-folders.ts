import path from 'node:path';
import { homeFolder } from './home-folder.ts';
import { isRootOutside, userOutside } from './user-outside.ts';

const FOLDER = 'httpfn/packed';

/**
 * Where a packed file may unpack its functions, the best place first: what outlasts a reboot, then /tmp, then memory (/run and /dev/shm; from
 * the first of these many systems run no programs). Which of them can be written shows when it is tried.
 */
export function packedFolders(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
	const given = (name: string): string[] => {
		const folder = environment[name] ?? '';
		return path.isAbsolute(folder) ? [path.join(folder, FOLDER)] : [];
	};
	const user = userOutside();
	const home = homeFolder(environment) ?? '/';
	const own = home !== '/' ? [path.join(home, '.cache', FOLDER)] : [];
	return [
		...given('XDG_CACHE_HOME'),
		...(isRootOutside() ? [path.join('/var/cache', FOLDER)] : own),
		...given('RUNTIME_DIRECTORY'),
		`/tmp/httpfn-${user}/packed`,
		...given('XDG_RUNTIME_DIR'),
		...(isRootOutside() ? [path.join('/run', FOLDER)] : []),
		`/dev/shm/httpfn-${user}/packed`,
	];
}
