/** Ends processes with SIGKILL until no more are found and each of them is gone. */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import { endProcess, isLiving, type ProcessIdentity } from './process-table.ts';

const POLL_MS_MAX = 10;

/**
 * `find` is asked again and again, for those it found may have forked meanwhile. A process that is dying has lost its
 * environment before it closes its sockets, so each one is watched to its end. Resolves with the number that was
 * still alive at the deadline.
 */
export async function endProcesses(
	find: () => Promise<readonly ProcessIdentity[]> | readonly ProcessIdentity[],
	timeoutMs: number,
): Promise<number> {
	const deadlineMs = monotonicMs() + timeoutMs;
	let dying: ProcessIdentity[] = [];
	for (let stepMs = 1; ; stepMs = Math.min(stepMs * 2, POLL_MS_MAX)) {
		const found = await find();
		for (const identity of found) endProcess(identity);
		dying = [...dying.filter((known) => !found.some(({ pid }) => pid === known.pid)), ...found].filter(
			isLiving,
		);
		if (found.length === 0 && dying.length === 0) return 0;
		if (monotonicMs() >= deadlineMs) return dying.length;
		await delay(stepMs);
	}
}
