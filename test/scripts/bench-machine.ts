/** What a report of a benchmark says of its machine. */
import type { Machine } from '../../bench/machine.ts';

export const MACHINE: Machine = {
	cores: 2,
	cpu: 'x',
	kernel: '6',
	loadAverage: 0,
	processStartMs: 1,
	memoryMiB: 1,
	fingerprint: 'this',
	commit: 'abc',
	versions: {},
};
