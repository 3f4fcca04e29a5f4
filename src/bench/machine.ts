/** What a run was made on. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Machine } from './bench-record.ts';

export function describeMachine(): Machine {
	const about = {
		cores: availableParallelism(),
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		kernel: release(),
		memoryMiB: Math.round(totalmem() / 1024 / 1024),
	};
	// The id itself is not to leave the machine.
	const identity = JSON.stringify([about.cores, about.cpu, about.memoryMiB, machineId()]);
	return {
		...about,
		loadAverage: loadavg()[0] ?? 0,
		fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 16),
	};
}

function machineId(): string {
	try {
		return readFileSync('/etc/machine-id', 'latin1').trim();
	} catch {
		return '';
	}
}
