/** Processes as the host sees them: who descends from whom, and what they hold. */
import { readdirSync, readFileSync } from 'node:fs';

/** A number alone may be given to another process later. */
export interface KnownProcess {
	readonly pid: number;
	readonly startTicks: string;
}

/** All descendants of a process, itself left out. */
export function descendantsOf(root: number): KnownProcess[] {
	const all = numbers('/proc').flatMap((pid) => {
		const fields = statFields(pid);
		return fields === null ? [] : [{ pid, parent: Number(fields[1]), startTicks: fields[19] ?? '' }];
	});
	const found: KnownProcess[] = [];
	const pending = [root];
	for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
		for (const child of all) {
			if (child.parent !== pid) continue;
			found.push(child);
			pending.push(child.pid);
		}
	}
	return found;
}

/** False for a zombie too: its parent may take its time. */
export function isAlive({ pid, startTicks }: KnownProcess): boolean {
	const fields = statFields(pid);
	return fields !== null && fields[0] !== 'Z' && fields[19] === startTicks;
}

/** User and system time in hundredths of a second. */
export function cpuTicks(pid: number): number {
	const fields = statFields(pid);
	return Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
}

export function commandOf(pid: number): string {
	return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
}

/** What a process holds: descriptors, threads and the mounts of its namespace. */
export function holdings(pid: number): { descriptors: number; threads: number; mounts: number } {
	return {
		descriptors: numbers(`/proc/${pid}/fd`).length,
		threads: numbers(`/proc/${pid}/task`).length,
		mounts: (read(`/proc/${pid}/mountinfo`) ?? '').split('\n').length,
	};
}

/** Folders of cgroups that bear the number of this httpfn. */
export function cgroupsOf(pid: number): string[] {
	const groups: string[] = [];
	const walk = (folder: string, depth: number): void => {
		for (const entry of folders(folder)) {
			const path = `${folder}/${entry}`;
			if (entry.startsWith(`httpfn-${pid}-`))
				groups.push(path, ...folders(path).map((name) => `${path}/${name}`));
			else if (depth > 0) walk(path, depth - 1);
		}
	};
	walk('/sys/fs/cgroup', 6);
	return groups;
}

/** From the state on: what stands before may hold spaces and parentheses. */
function statFields(pid: number): string[] | null {
	const text = read(`/proc/${pid}/stat`);
	return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function numbers(folder: string): number[] {
	try {
		return readdirSync(folder).map(Number).filter(Number.isInteger);
	} catch {
		return [];
	}
}

function folders(path: string): string[] {
	try {
		return readdirSync(path, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => name);
	} catch {
		return [];
	}
}

function read(path: string): string | null {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return null;
	}
}
