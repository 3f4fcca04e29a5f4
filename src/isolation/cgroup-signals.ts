/** Stops processes, or lets them go on, where no control group can do it. Those that are gone, or belong to another user, are passed over. */
import { readFileSync } from 'node:fs';

/** Whoever forks and ends faster than that is not caught. */
const ROUNDS_MAX = 100;
/** Stopped, traced, ended: it forks no more. */
const STANDING = /^[TtZX]$/;

/**
 * Stops every process that `processIds` tells, and asks again until none is new. SIGSTOP takes a moment, in which a fork that is
 * under way still succeeds: so all have to stand still before nobody new counts.
 */
export function stopAll(processIds: () => readonly number[]): void {
	const stopped = new Set<number>();
	for (let round = 0; round < ROUNDS_MAX; round += 1) {
		const stand = [...stopped].every(standsStill);
		const found = processIds().filter((pid) => !stopped.has(pid));
		if (found.length === 0 && stand) return;
		for (const pid of found) {
			stopped.add(pid);
			signal(pid, 'SIGSTOP');
		}
	}
}

/** Has every one of them go on, the last first: before a place's init runs the function, which somebody waits for. Whoever they fork runs. */
export function continueAll(processIds: readonly number[]): void {
	for (const pid of processIds.toReversed()) signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has just ended.
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
