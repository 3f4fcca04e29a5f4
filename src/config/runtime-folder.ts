import path from 'node:path';
import { isRootOutside, userOutside } from './user-outside.ts';

/**
 * Where a running `httpfn serve` keeps what others of the same user ask it by: below XDG_RUNTIME_DIR, for root below /run,
 * else below /tmp by the number of the user. Nothing here needs to outlive a reboot.
 */
export function runtimeFolder(environment: Readonly<Record<string, string | undefined>>): string {
	const given = environment.XDG_RUNTIME_DIR ?? '';
	if (path.isAbsolute(given)) return path.join(given, 'httpfn');
	return isRootOutside() ? '/run/httpfn' : `/tmp/httpfn-${userOutside()}`;
}
