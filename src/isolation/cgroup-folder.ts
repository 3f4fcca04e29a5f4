/** Folders of the cgroup file systems. Each httpfn process has one of its own, whose name tells whether it still runs. */
import {
	accessSync,
	constants,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isLiving, startTicks } from '../process/process-table.ts';
import { stopAll } from './signal-freezer.ts';

/** `httpfn-PID-TICKS` holds instances, `httpfn.self-PID-TICKS` httpfn itself. */
const NAME = /^httpfn(?:\.self)?-(\d+)-(\d+)$/;
/** The kernel still empties a group for a moment after its last process has ended. */
const REMOVE_STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1000, 1000];

export function folderOfThisProcess(kind: 'httpfn' | 'httpfn.self'): string {
	return `${kind}-${process.pid}-${startTicks(process.pid) ?? '0'}`;
}

/** Whether it is one in which an httpfn stands itself. */
export function isLeaf(folder: string): boolean {
	return basename(folder).startsWith('httpfn.self-') && NAME.test(basename(folder));
}

export function mayMakeGroupsIn(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Null where there is no such file, or no longer. */
export function readControl(folder: string, name: string): string | null {
	try {
		return readFileSync(join(folder, name), 'latin1');
	} catch {
		return null;
	}
}

/** Throws the kernel's refusal. */
export function writeControl(folder: string, name: string, value: string | number): void {
	writeFileSync(join(folder, name), String(value));
}

export type ControlWriter = typeof writeControl;

/** False where the kernel refuses, or has no such file. */
export function tryControl(
	folder: string,
	name: string,
	value: string | number,
	write: ControlWriter = writeControl,
): boolean {
	try {
		write(folder, name, value);
		return true;
	} catch {
		return false;
	}
}

/** Those of them that this process sees: others come as 0, which would stand for its own group. */
export function membersOf(folder: string): number[] {
	const lines = (readControl(folder, 'cgroup.procs') ?? '').split('\n');
	return lines.map(Number).filter((pid) => pid > 0);
}

/** Stops them first: those that fork all the time would outrun it. */
export function killMembers(folder: string): void {
	stopAll(() => membersOf(folder));
	for (const pid of membersOf(folder)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It has just ended.
		}
	}
}

/** True as well where it is there already. */
export function makeGroup(folder: string): boolean {
	try {
		mkdirSync(folder, { recursive: true });
		return true;
	} catch {
		return false;
	}
}

/** Resolves false where the group can not be emptied within seconds. `onBusy` is called before each wait. */
export async function removeGroup(folder: string, onBusy: () => void = () => {}): Promise<boolean> {
	for (const waitMs of REMOVE_STEPS_MS) {
		if (tryRemove(folder)) return true;
		onBusy();
		await delay(waitMs);
	}
	return tryRemove(folder);
}

/** The folder of a httpfn process, with the groups of instances that nobody removed. */
export async function removeGroups(folder: string): Promise<void> {
	const left = foldersIn(folder).map((name) => join(folder, name));
	await Promise.all(left.map((group) => removeGroup(group, () => killMembers(group))));
	await removeGroup(folder);
}

/** Removes what httpfn processes left here that are gone. What is in use is left alone. */
export function removeLeftovers(folder: string): void {
	for (const name of foldersIn(folder)) {
		const [, pid, ticks] = NAME.exec(name) ?? [];
		if (pid === undefined || ticks === undefined) continue;
		if (isLiving({ pid: Number(pid), startTicks: ticks })) continue;
		const own = join(folder, name);
		for (const instance of foldersIn(own)) tryRemove(join(own, instance));
		tryRemove(own);
	}
}

/** True as well where it is gone already. */
function tryRemove(folder: string): boolean {
	try {
		rmdirSync(folder);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT';
	}
}

function foldersIn(folder: string): string[] {
	try {
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => name);
	} catch {
		return [];
	}
}
