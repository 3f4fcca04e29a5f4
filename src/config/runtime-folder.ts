import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * Where a running `httpfn serve` keeps what others of the same user ask it by: below XDG_RUNTIME_DIR, for root below /run,
 * else below /tmp by the number of the user. Nothing here needs to outlive a reboot.
 */
export function runtimeFolder(environment: Readonly<Record<string, string | undefined>>): string {
	const given = environment.XDG_RUNTIME_DIR ?? '';
	if (path.isAbsolute(given)) return path.join(given, 'httpfn');
	const user = userOutside();
	return user === 0 && process.platform === 'linux' ? '/run/httpfn' : `/tmp/httpfn-${user}`;
}

/** In a user namespace of its own httpfn has another number than the one it was started with; the map there has just that one line. */
function userOutside(): number {
	const user = process.getuid?.() ?? 0;
	try {
		const [first, outside, count, ...more] = fs
			.readFileSync('/proc/self/uid_map', 'latin1')
			.trim()
			.split(/\s+/);
		const alone = count === '1' && more.length === 0 && first === `${user}`;
		return alone ? Number(outside) : user;
	} catch {
		return user;
	}
}
