/** Which processes of an instance are still alive: those of its group, and those that carry its marker. */
import { MARKER_NAME } from './instance-marker.ts';
import type { ProcessIdentity } from './process-table.ts';
import { environmentValue, processIds, processStat } from './process-table.ts';

/** False once no process is left in the group; zombies that nobody reaped yet count as alive. */
export function groupExists(groupId: number): boolean {
	try {
		process.kill(-groupId, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** The living members of a process group. Empty elsewhere than on Linux, see `groupExists`. */
export function groupMembers(groupId: number): ProcessIdentity[] {
	const members: ProcessIdentity[] = [];
	for (const pid of processIds()) {
		const stat = processStat(pid);
		if (stat?.living === true && stat.groupId === groupId) members.push({ pid, startTicks: stat.startTicks });
	}
	return members;
}

/**
 * The living processes that carry the marker, wherever they went (setsid, a double fork). Empty elsewhere than on
 * Linux. A process that wrote over its own environment is not seen.
 */
export function markedProcesses(marker: string): ProcessIdentity[] {
	const marked: ProcessIdentity[] = [];
	for (const pid of processIds()) {
		if (pid === process.pid || environmentValue(pid, MARKER_NAME) !== marker) continue;
		const stat = processStat(pid);
		// Read once more: between the two reads the pid may have gone to a process without the marker.
		if (stat?.living !== true || environmentValue(pid, MARKER_NAME) !== marker) continue;
		marked.push({ pid, startTicks: stat.startTicks });
	}
	return marked;
}
