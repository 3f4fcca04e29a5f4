/**
 * Memory as the processes of an instance count it, for hosts without control groups.
 *
 * Two steps. The sum of RssAnon and RssShmem is cheap, and too high where a forked child shares its parent's heap. Only when
 * the sum is over the limit are the shared pages divided among those who share them (Pss), for that walks every page.
 */
import { readFileSync } from 'node:fs';
import type { MemorySource } from './memory-source.ts';

const KIB = 1024;

export class ProcessUsage implements MemorySource {
	readonly #processIds: () => readonly number[];
	readonly #limitBytes: number;

	constructor(processIds: () => readonly number[], limitBytes: number) {
		this.#processIds = processIds;
		this.#limitBytes = limitBytes;
	}

	usedBytes(): number | null {
		const pids = this.#processIds();
		if (pids.length === 0) return null;
		const sum = pids.reduce((bytes, pid) => bytes + residentBytes(pid), 0);
		if (sum <= this.#limitBytes) return sum;
		return pids.reduce((bytes, pid) => bytes + (proportionalBytes(pid) ?? residentBytes(pid)), 0);
	}

	killedAtBytes(): null {
		return null;
	}
}

function residentBytes(pid: number): number {
	const status = readOrEmpty(`/proc/${pid}/status`);
	return kilobytes(status, 'RssAnon') + kilobytes(status, 'RssShmem');
}

/** Null where the kernel does not tell: another user's process, or one that is gone. */
function proportionalBytes(pid: number): number | null {
	const rollup = readOrEmpty(`/proc/${pid}/smaps_rollup`);
	return rollup === '' ? null : kilobytes(rollup, 'Pss_Anon') + kilobytes(rollup, 'Pss_Shmem');
}

/** Of a line `Name:   123 kB`. */
function kilobytes(text: string, name: string): number {
	const at = text.indexOf(`\n${name}:`);
	return at === -1 ? 0 : Number.parseInt(text.slice(at + name.length + 2, at + name.length + 40), 10) * KIB;
}

function readOrEmpty(path: string): string {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return '';
	}
}
