import path from 'node:path';
import { homeFolder } from './home-folder.ts';
import { isRootOutside, userOutside } from './user-outside.ts';

/** Where deployed functions are kept unless a setting says otherwise: of the system for root, else of the user (XDG base directories). */
export function defaultStateFolder(environment: Readonly<Record<string, string | undefined>>): string {
	if (isRootOutside()) return '/var/lib/httpfn';
	const given = environment.XDG_STATE_HOME ?? '';
	if (path.isAbsolute(given)) return path.join(given, 'httpfn');
	const home = homeFolder(environment);
	return home === null ? `/tmp/httpfn-${userOutside()}/state` : path.join(home, '.local/state/httpfn');
}
