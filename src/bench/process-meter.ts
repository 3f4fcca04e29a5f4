/** What the operating system says that another process has used: processor time and memory. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time of all threads that are alive, in microseconds (Linux, /proc/PID/task/TID/schedstat: nanoseconds on a processor).
 * Throws where the process is gone, or the system has no such files.
 */
export function cpuMicros(pid: number): number {
	const tasks = `/proc/${pid}/task`;
	let nanoseconds = 0;
	for (const thread of readdirSync(tasks)) {
		nanoseconds += Number(readThread(`${tasks}/${thread}/schedstat`).split(' ')[0]);
	}
	return nanoseconds / 1000;
}

export interface MemoryUse {
	readonly residentKib: number;
	/** The most there was at any moment so far. */
	readonly peakKib: number;
}

/** Throws where the process is gone. */
export function memoryUse(pid: number): MemoryUse {
	const status = readFileSync(`/proc/${pid}/status`, 'latin1');
	return { residentKib: field(status, 'VmRSS'), peakKib: field(status, 'VmHWM') };
}

/** A sentence where processes can not be measured here; null where they can. */
export function meterMissing(): string | null {
	try {
		cpuMicros(process.pid);
		return null;
	} catch {
		return 'what a process uses is read from /proc/PID/task/TID/schedstat, which this system does not have';
	}
}

function field(status: string, name: string): number {
	return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN);
}

/** A thread may end between the listing and the read. */
function readThread(path: string): string {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return '0';
	}
}
