/** What the operating system says a tree of processes has used. Linux only: it reads /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: the unit of times in /proc is fixed at 100 a second by the kernel's interface to programs. */
const TICKS_PER_SECOND = 100;

export interface ProcessUsage {
	/** User plus system time of all threads of the processes that are alive. */
	readonly cpuSeconds: number;
	readonly rssKib: number;
	readonly peakRssKib: number;
}

/**
 * Sums over the process `root` and its descendants, without the tree below `except`: a proxy that starts its
 * function is not charged for it.
 */
export function treeUsage(root: number, except: number | null): ProcessUsage {
	const stats = allProcesses();
	let ticks = 0;
	let rssKib = 0;
	let peakRssKib = 0;
	const pending = [root];
	for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
		if (pid === except) continue;
		const found = stats.get(pid);
		if (found === undefined) continue;
		ticks += found.ticks;
		const memory = readMemory(pid);
		rssKib += memory.rssKib;
		peakRssKib += memory.peakRssKib;
		for (const [child, { parent }] of stats) if (parent === pid) pending.push(child);
	}
	return { cpuSeconds: ticks / TICKS_PER_SECOND, rssKib, peakRssKib };
}

function allProcesses(): Map<number, { parent: number; ticks: number }> {
	const found = new Map<number, { parent: number; ticks: number }>();
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const text = readProcFile(`/proc/${name}/stat`);
		// The command's name stands in parentheses and may itself hold spaces and parentheses.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		if (fields.length < 13) continue;
		found.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
	}
	return found;
}

function readMemory(pid: number): { rssKib: number; peakRssKib: number } {
	const text = readProcFile(`/proc/${pid}/status`);
	return { rssKib: field(text, 'VmRSS'), peakRssKib: field(text, 'VmHWM') };
}

function field(text: string, name: string): number {
	return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}

/** A process may end between the listing and the read; it has no usage then. */
function readProcFile(path: string): string {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return '';
	}
}
