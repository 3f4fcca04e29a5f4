/**
 * Gives back what was needed once: garbage, and on Bun machine code that was made for it, and the pages of the executable that
 * only a start reads. For moments when nothing else has to be done: it stops everything for milliseconds. Node.js and Deno
 * give back garbage by themselves when they are idle.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { libc } from './libc.ts';

export function releaseMemory(): void {
	const { Bun } = globalThis as { readonly Bun?: { gc(full: boolean): void; shrink(): void } };
	if (Bun === undefined) return;
	Bun.gc(true);
	Bun.shrink();
	dropCodePages();
}

/** The number of the system call madvise, and its advice MADV_DONTNEED (Linux). */
const MADVISE: Readonly<Record<string, number>> = { x64: 28, arm64: 233 };
const DONT_NEED = 4;
/**
 * The executable's code: as it is in the file, so that it can be read again at any time. Not what is merely read-only: addresses
 * were written there before it became so.
 */
const CODE = /^([0-9a-f]+)-([0-9a-f]+) r-xp [0-9a-f]+ [0-9a-f:]+ \d+ +(.*)$/;

function dropCodePages(): void {
	const call = MADVISE[process.arch];
	const c = process.platform === 'linux' && call !== undefined ? libc() : null;
	if (c === null || call === undefined) return;
	try {
		const executable = readlinkSync('/proc/self/exe');
		for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
			const [, from = '', to = '', file] = CODE.exec(line) ?? [];
			if (file !== executable) continue;
			const start = BigInt(`0x${from}`);
			c.syscall(call, start, BigInt(`0x${to}`) - start, DONT_NEED, 0, 0);
		}
	} catch {
		// Without /proc there is nothing to know where to look.
	}
}
