/** Stops processes, or lets them go on, where no control group can do it. */
import { readFileSync } from 'node:fs';

/** Whoever forks and ends faster than that is not caught. */
const ROUNDS_MAX = 100;
/** Stopped, traced, ended: it forks no more. */
const STANDING = /^[TtZX]$/;

/**
 * Signals every process that `processIds` tells, and asks again until none is new. SIGSTOP takes a moment, in which a fork that is
 * under way still succeeds: so all have to stand still before nobody new counts. Those that are gone, or belong to another
 * user, are passed over.
 */
export function signalAll(processIds: () => readonly number[], signal: 'SIGSTOP' | 'SIGCONT'): void {
	const signalled = new Set<number>();
	for (let round = 0; round < ROUNDS_MAX; round += 1) {
		const stand = signal === 'SIGCONT' || [...signalled].every(standsStill);
		const found = processIds().filter((pid) => !signalled.has(pid));
		if (found.length === 0 && stand) return;
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

function standsStill(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const at = stat.lastIndexOf(')') + 2;
		return STANDING.test(stat.slice(at, at + 1));
	} catch {
		return true;
	}
}
