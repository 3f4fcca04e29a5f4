/**
 * Control groups v1: a folder in each controller's hierarchy. Each controller is optional.
 *
 * The freezer of v1 is not used: a process frozen by it outlives SIGKILL until someone thaws it, so that a killed httpfn
 * would leave its frozen instances behind. Processes stopped by a signal die like any other.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CgroupMemory, CgroupPowers, Cgroups, InstanceCgroup, InstanceLimits } from './cgroup.ts';
import { CgroupCounters } from './cgroup-counters.ts';
import {
	folderOfThisProcess,
	killMembers,
	makeGroup,
	mayMakeGroupsIn,
	membersOf,
	readControl,
	removeGroup,
	removeGroups,
	removeLeftovers,
	tryControl,
	writeControl,
} from './cgroup-folder.ts';
import { SignalFreezer } from './signal-freezer.ts';

const SHARES_PER_CPU = 1024;
const SHARES_MIN = 2;
/** The kernel charges in batches and tries large pages first: at its bound a group is this close to it. */
const BOUND_SLACK_BYTES = 4 * 1024 * 1024;
const COUNTERS = {
	stat: 'memory.stat',
	anonymous: 'rss',
	events: 'memory.oom_control',
};

/** `folders`: this process's own, by controller. Null where none of them may be written. */
export function openCgroupsV1(folders: ReadonlyMap<string, string>): Cgroups | null {
	const own = new Map<string, string>();
	for (const [controller, folder] of folders) {
		if (!mayMakeGroupsIn(folder)) continue;
		removeLeftovers(folder);
		const made = join(folder, folderOfThisProcess('httpfn'));
		if (makeGroup(made)) own.set(controller, made);
	}
	const cpu = own.get('cpu');
	// All functions together weigh as much as the machine, so that one process of the host cannot starve them, nor they it.
	if (cpu !== undefined) tryControl(cpu, 'cpu.shares', availableParallelism() * SHARES_PER_CPU);
	return own.size === 0 ? null : new CgroupsV1(own);
}

class CgroupsV1 implements Cgroups {
	readonly powers: CgroupPowers;
	readonly #folders: ReadonlyMap<string, string>;
	#created = 0;

	constructor(folders: ReadonlyMap<string, string>) {
		this.#folders = folders;
		const power = (controller: string) => (folders.has(controller) ? `cgroup v1 (${controller})` : null);
		this.powers = {
			memory: power('memory'),
			cpu: power('cpu'),
			processes: power('pids'),
			freeze: 'signals to the processes of a cgroup',
		};
	}

	create(): InstanceCgroup {
		this.#created += 1;
		const folders = new Map<string, string>();
		for (const [controller, folder] of this.#folders) {
			const made = join(folder, String(this.#created));
			mkdirSync(made, { recursive: true });
			folders.set(controller, made);
		}
		return new InstanceCgroupV1(folders);
	}

	async close(): Promise<void> {
		await Promise.all([...this.#folders.values()].map(removeGroups));
	}
}

class InstanceCgroupV1 implements InstanceCgroup {
	readonly #folders: ReadonlyMap<string, string>;
	readonly #memory: string | undefined;
	readonly #counters: CgroupCounters | null;
	readonly #signals = new SignalFreezer(() => this.processIds());
	#boundBytes = Number.POSITIVE_INFINITY;
	#removed: Promise<void> | undefined;

	constructor(folders: ReadonlyMap<string, string>) {
		this.#folders = folders;
		this.#memory = folders.get('memory');
		this.#counters = this.#memory === undefined ? null : new CgroupCounters(this.#memory, COUNTERS);
	}

	async enroll(pid: number): Promise<void> {
		for (const folder of this.#folders.values()) await writeFile(join(folder, 'cgroup.procs'), String(pid));
	}

	limit({ memoryBytes, tmpBytes, cpuMillicores, processesMax }: InstanceLimits): void {
		const { cpu, pids } = Object.fromEntries(this.#folders);
		if (this.#memory !== undefined) this.#boundMemory(this.#memory, memoryBytes + tmpBytes);
		if (pids !== undefined) writeControl(pids, 'pids.max', processesMax);
		if (cpu !== undefined) {
			const shares = Math.round((cpuMillicores / 1000) * SHARES_PER_CPU);
			writeControl(cpu, 'cpu.shares', Math.max(SHARES_MIN, shares));
		}
	}

	/** The kernel refuses a bound of memory above that of memory and swap together, at every moment. */
	#boundMemory(folder: string, bytes: number): void {
		const grows = bytes > this.#boundBytes;
		if (grows) boundSwap(folder, bytes);
		writeControl(folder, 'memory.limit_in_bytes', bytes);
		if (!grows) boundSwap(folder, bytes);
		this.#boundBytes = bytes;
	}

	memory(): CgroupMemory | null {
		return this.#counters?.memory() ?? null;
	}

	peakBytes(): number | null {
		const peak = this.#memory === undefined ? null : readControl(this.#memory, 'memory.max_usage_in_bytes');
		return peak === null ? null : Number(peak);
	}

	/** v1 counts what the host's own shortage ended too; that comes with a peak below the bound. */
	oomKills(): number {
		const kills = this.#counters?.event('oom_kill') ?? 0;
		if (kills === 0) return 0;
		return (this.peakBytes() ?? 0) >= this.#boundBytes - BOUND_SLACK_BYTES ? kills : 0;
	}

	processIds(): number[] {
		const [folder] = this.#folders.values();
		return folder === undefined ? [] : membersOf(folder);
	}

	freeze(): Promise<boolean> {
		return this.#signals.freeze();
	}

	thaw(): void {
		this.#signals.thaw();
	}

	remove(): Promise<void> {
		this.#removed ??= this.#remove();
		return this.#removed;
	}

	async #remove(): Promise<void> {
		this.#counters?.close();
		for (const folder of this.#folders.values()) await removeGroup(folder, () => killMembers(folder));
	}
}

/** Where swap is not counted, it is at least not preferred. */
function boundSwap(folder: string, bytes: number): void {
	if (!tryControl(folder, 'memory.memsw.limit_in_bytes', bytes)) tryControl(folder, 'memory.swappiness', 0);
}
