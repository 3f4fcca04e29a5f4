/** Processes of an httpfn that died without ending them (SIGKILL, power of the OOM killer): found and ended. */
import { setImmediate } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import { endProcesses } from './end-processes.ts';
import { MARKER_NAME, markerOwner } from './instance-marker.ts';
import type { ProcessIdentity } from './process-table.ts';
import {
	environmentValue,
	isLinux,
	ownNamespace,
	processIds,
	processName,
	processStat,
	startTicks,
} from './process-table.ts';

const TIMEOUT_MS = 2_000;
const LOOKED_AT_ONCE = 32;

/**
 * Ends every process that carries the marker of an httpfn which is no longer alive, and answers how many those were.
 * Processes without a marker, of a living owner, or of an owner in another pid namespace are left alone. Call it
 * once, before the first instance is started. Does nothing elsewhere than on Linux.
 */
export async function endStrays(log: Log): Promise<number> {
	const namespace = ownNamespace();
	if (!isLinux || namespace === null) return 0;
	const seen = new Map<string, string>();
	const leftCount = await endProcesses(async () => {
		const strays = await findStrays(namespace);
		// Named while it lives: later there is no name to be had.
		for (const stray of strays) seen.set(`${stray.pid}.${stray.startTicks}`, processName(stray.pid));
		return strays;
	}, TIMEOUT_MS);
	if (seen.size > 0) {
		log.write('warn', 'ended processes that an httpfn before this one left behind', {
			count: seen.size,
			programs: [...new Set(seen.values())],
			leftCount: leftCount > 0 ? leftCount : undefined,
		});
	}
	return seen.size;
}

async function findStrays(namespace: string): Promise<ProcessIdentity[]> {
	const ownerLives = new Map<string, boolean>();
	const strays: ProcessIdentity[] = [];
	let seen = 0;
	for (const pid of processIds()) {
		// Requests do not wait for a host of thousands of processes.
		if (++seen % LOOKED_AT_ONCE === 0) await setImmediate();
		const marker = environmentValue(pid, MARKER_NAME);
		const owner = marker === null ? null : markerOwner(marker);
		if (owner === null || owner.namespace !== namespace || pid === process.pid) continue;
		const key = `${owner.pid}.${owner.startTicks}`;
		let lives = ownerLives.get(key);
		if (lives === undefined) {
			const stat = processStat(owner.pid);
			lives = stat?.living === true && stat.startTicks === owner.startTicks;
			ownerLives.set(key, lives);
		}
		if (lives) continue;
		const ticks = startTicks(pid);
		// Read once more: between the two reads the pid may have gone to a process without a marker.
		if (ticks !== null && environmentValue(pid, MARKER_NAME) === marker)
			strays.push({ pid, startTicks: ticks });
	}
	return strays;
}
