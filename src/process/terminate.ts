/** The end of an instance: SIGTERM to its group, grace, SIGKILL to the group, then to whoever left the group. */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import { endProcess, isLinux } from './process-table.ts';
import { groupExists, survivors } from './survivors.ts';

export interface TerminationTarget {
	/** The leader's pid, which is the group's id. */
	readonly pid: number;
	readonly marker: string;
	/** Resolves when the leader has ended; never rejects. */
	readonly exited: Promise<unknown>;
}

const POLL_MS_MAX = 10;
/** What SIGKILL has not ended by then is stuck in the kernel, or forks faster than it can be ended. */
const KILL_MS_MAX = 5_000;

/**
 * Resolves when no process of the instance is left, with the number of those that could not be ended (0, unless one
 * is stuck in the kernel). `graceMs` 0 skips SIGTERM. Elsewhere than on Linux only the group is ended: a process that
 * left it cannot be found there.
 */
export async function terminate(target: TerminationTarget, graceMs: number): Promise<number> {
	if (graceMs > 0) {
		signalGroup(target.pid, 'SIGTERM');
		await groupEnd(target, graceMs);
	}
	return killAll(target);
}

async function groupEnd(target: TerminationTarget, graceMs: number): Promise<void> {
	const deadlineMs = monotonicMs() + graceMs;
	const grace = new AbortController();
	await Promise.race([target.exited, delay(graceMs, null, { signal: grace.signal }).catch(() => null)]);
	grace.abort();
	for (let stepMs = 1; monotonicMs() < deadlineMs; stepMs = Math.min(stepMs * 2, POLL_MS_MAX)) {
		if (!groupExists(target.pid)) return;
		// In a container without an init process, orphans stay zombies for ever: only living members count.
		if (isLinux && survivors(target.pid, target.marker).length === 0) return;
		await delay(stepMs);
	}
}

async function killAll(target: TerminationTarget): Promise<number> {
	const deadlineMs = monotonicMs() + KILL_MS_MAX;
	// Once the group was seen to be gone its number may be given to a stranger: from then on it is never signaled.
	let groupId = target.pid;
	for (let stepMs = 1; ; stepMs = Math.min(stepMs * 2, POLL_MS_MAX)) {
		if (groupId !== 0 && !signalGroup(groupId, 'SIGKILL')) groupId = 0;
		const left = survivors(groupId, target.marker);
		for (const identity of left) endProcess(identity);
		const leftCount = isLinux ? left.length : Number(groupId !== 0);
		if (leftCount === 0) return 0;
		if (monotonicMs() >= deadlineMs) return leftCount;
		await delay(stepMs);
	}
}

/** False when the group has no member left. */
function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(-groupId, signal);
		return true;
	} catch {
		return groupExists(groupId);
	}
}
