/** Which processes of an instance are still alive. */
import { MARKER_NAME } from './instance-marker.ts';
import type { ProcessIdentity } from './process-table.ts';
import { environmentValue, isLinux, processIds, processStat } from './process-table.ts';

/** False once no process is left in the group; zombies that nobody reaped yet count as alive. */
export function groupExists(groupId: number): boolean {
	try {
		process.kill(-groupId, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * The living processes of an instance: members of its group (0: the group is known to be gone), and whoever left
 * the group but still carries the marker (setsid, a double fork). Elsewhere than on Linux: none, see `groupExists`.
 *
 * A process that overwrote its own environment and left the group is not seen; namespace isolation has no such gap.
 */
export function survivors(groupId: number, marker: string): ProcessIdentity[] {
	if (!isLinux) return [];
	const found: ProcessIdentity[] = [];
	for (const pid of processIds()) {
		if (pid === process.pid) continue;
		// The start time is read before the environment: a pid reused in between fails its check before the kill.
		const stat = processStat(pid);
		if (stat === null || !stat.living) continue;
		if ((groupId !== 0 && stat.groupId === groupId) || environmentValue(pid, MARKER_NAME) === marker) {
			found.push({ pid, startTicks: stat.startTicks });
		}
	}
	return found;
}
