/** The end of an instance: SIGTERM to its group, grace, SIGKILL to the group, then to whoever left the group. */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import { within } from '../base/within.ts';
import { endProcesses } from './end-processes.ts';
import { isLinux } from './process-table.ts';
import { groupExists, groupMembers, markedProcesses } from './survivors.ts';

export interface TerminationTarget {
	/** The leader's pid, which is the group's id. */
	readonly pid: number;
	readonly marker: string;
	/** Resolves when the leader has ended; never rejects. */
	readonly exited: Promise<unknown>;
}

const POLL_MS_MAX = 10;
const ZOMBIE_CHECK_TRIES = 8;
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
	await within(graceMs, target.exited);
	for (let tries = 1; monotonicMs() < deadlineMs && groupLives(target.pid, tries); tries++) {
		await delay(stepMs(tries));
	}
}

async function killAll(target: TerminationTarget): Promise<number> {
	const deadlineMs = monotonicMs() + KILL_MS_MAX;
	for (let tries = 1; signalGroup(target.pid, 'SIGKILL') && groupLives(target.pid, tries); tries++) {
		if (monotonicMs() >= deadlineMs) break;
		await delay(stepMs(tries));
	}
	// From here on the group's number may be given to a stranger: it is not signaled again.
	const groupCount = monotonicMs() >= deadlineMs ? 1 : 0;
	return groupCount + (await endProcesses(() => markedProcesses(target.marker), KILL_MS_MAX));
}

/**
 * In a container without an init process, orphans that nobody reaps keep their group in being: every so often only
 * living members count. Not each time, for that costs a look at every process of the machine.
 */
function groupLives(groupId: number, tries: number): boolean {
	if (!groupExists(groupId)) return false;
	return !isLinux || tries % ZOMBIE_CHECK_TRIES !== 0 || groupMembers(groupId).length > 0;
}

function stepMs(tries: number): number {
	return Math.min(2 ** (tries - 1), POLL_MS_MAX);
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
