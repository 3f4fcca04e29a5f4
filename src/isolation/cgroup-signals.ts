/** Stops processes, or lets them go on, where no control group can do it. */

/** Whoever forks and ends faster than that is not caught. */
const ROUNDS_MAX = 100;

/**
 * Signals every process that `processIds` tells, and asks again until none is new: one that was forked meanwhile is
 * caught in the next round. Those that are gone, or belong to another user, are passed over.
 */
export function signalAll(processIds: () => readonly number[], signal: 'SIGSTOP' | 'SIGCONT'): void {
	const signalled = new Set<number>();
	for (let round = 0; round < ROUNDS_MAX; round += 1) {
		const found = processIds().filter((pid) => !signalled.has(pid));
		if (found.length === 0) return;
		for (const pid of found) {
			signalled.add(pid);
			try {
				process.kill(pid, signal);
			} catch {
				// It has just ended.
			}
		}
	}
}
