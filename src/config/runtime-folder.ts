import path from 'node:path';
import process from 'node:process';

/**
 * Where a running `httpfn serve` keeps what others of the same user ask it by: below XDG_RUNTIME_DIR, for root below /run,
 * else below /tmp by the number of the user. Nothing here needs to outlive a reboot.
 */
export function runtimeFolder(environment: Readonly<Record<string, string | undefined>>): string {
	const given = environment.XDG_RUNTIME_DIR ?? '';
	if (path.isAbsolute(given)) return path.join(given, 'httpfn');
	const uid = process.getuid?.() ?? 0;
	return uid === 0 && process.platform === 'linux' ? '/run/httpfn' : `/tmp/httpfn-${uid}`;
}
