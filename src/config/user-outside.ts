import fs from 'node:fs';
import process from 'node:process';

/** In a user namespace of its own httpfn has another number than the one it was started with; the map there has just that one line. */
export function userOutside(): number {
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

export function isRootOutside(): boolean {
	return userOutside() === 0 && process.platform === 'linux';
}
