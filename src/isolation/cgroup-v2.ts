/**
 * Control groups v2: one folder for all controllers.
 *
 *     own group ─┬─ httpfn.self-PID-TICKS   httpfn itself, where it stood in `own group` before
 *                └─ httpfn-PID-TICKS ─┬─ 1  an instance
 *                                     └─ 2
 *
 * A group that gives controllers to groups below may hold no process itself, so httpfn moves into a leaf while it runs.
 * Where other processes stand in its group too, they are not moved, and v2 is not used.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CgroupMemory, CgroupPowers, Cgroups, InstanceCgroup, InstanceLimits } from './cgroup.ts';
import { CgroupCounters } from './cgroup-counters.ts';
import {
	type ControlWriter,
	folderOfThisProcess,
	isLeaf,
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
import { FREEZE_STEPS_MS } from './freezer.ts';
import { SignalFreezer } from './signal-freezer.ts';

const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
type Controller = (typeof CONTROLLERS)[number];

const SUBTREE = 'cgroup.subtree_control';
/** A group of the default weight, 100, stands for one processor. */
const WEIGHT_PER_CPU = 100;
const WEIGHT_MAX = 10_000;
const COUNTERS = {
	stat: 'memory.stat',
	anonymous: 'anon',
	events: 'memory.events',
};

/** The controllers that the group may give to groups below. */
export function controllersOf(own: string): Controller[] {
	return listed(own, 'cgroup.controllers');
}

/** `stands`: the group that this process is in. `write` stands for the kernel in tests. Null where it may not be written, gives no controller, or holds other processes. */
export function openCgroupsV2(stands: string, write: ControlWriter = writeControl): Cgroups | null {
	// Who takes over from another httpfn was born in the leaf of that one.
	const born = isLeaf(stands);
	const own = born ? dirname(stands) : stands;
	const available = controllersOf(own);
	if (available.length === 0 || !mayMakeGroupsIn(own)) return null;
	removeLeftovers(own);
	const before = listed(own, SUBTREE);
	const leaf = join(own, folderOfThisProcess('httpfn.self'));
	enable(own, available, write);
	const moved = (born || listed(own, SUBTREE).length < available.length) && moveInto(leaf, write);
	if (moved) enable(own, available, write);
	const given = listed(own, SUBTREE);
	const folder = join(own, folderOfThisProcess('httpfn'));
	const enabled = given.filter((controller) => !before.includes(controller));
	const undo: Undo = { own, leaf: moved ? leaf : null, enabled, write };
	if (given.length === 0 || !makeGroup(folder)) {
		void putBack(undo);
		return null;
	}
	enable(folder, given, write);
	// All functions together weigh as much as the machine, and httpfn itself as one processor of it.
	const weight = Math.min(WEIGHT_MAX, availableParallelism() * WEIGHT_PER_CPU);
	tryControl(folder, 'cpu.weight', weight);
	return new CgroupsV2(folder, undo);
}

interface Undo {
	readonly own: string;
	/** Where this process was moved; null where it was not. */
	readonly leaf: string | null;
	readonly enabled: readonly Controller[];
	readonly write: ControlWriter;
}

class CgroupsV2 implements Cgroups {
	readonly powers: CgroupPowers;
	readonly #folder: string;
	readonly #given: readonly Controller[];
	readonly #undo: Undo;
	#created = 0;
	#closed: Promise<void> | undefined;

	constructor(folder: string, undo: Undo) {
		this.#folder = folder;
		this.#given = listed(folder, SUBTREE);
		this.#undo = undo;
		const power = (controller: Controller) =>
			this.#given.includes(controller) ? `cgroup v2 (${controller})` : null;
		this.powers = {
			memory: power('memory'),
			cpu: power('cpu'),
			processes: power('pids'),
			freeze: existsSync(join(folder, 'cgroup.freeze'))
				? 'cgroup v2 (cgroup.freeze)'
				: 'signals to the processes of a cgroup',
		};
	}

	create(): InstanceCgroup {
		this.#created += 1;
		const folder = join(this.#folder, String(this.#created));
		mkdirSync(folder, { recursive: true });
		return new InstanceCgroupV2(folder, this.#given);
	}

	close(): Promise<void> {
		this.#closed ??= removeGroups(this.#folder).then(() => putBack(this.#undo));
		return this.#closed;
	}
}

class InstanceCgroupV2 implements InstanceCgroup {
	readonly #folder: string;
	readonly #given: readonly Controller[];
	readonly #counters: CgroupCounters;
	readonly #signals = new SignalFreezer(() => this.processIds());
	#removed: Promise<void> | undefined;

	constructor(folder: string, given: readonly Controller[]) {
		this.#folder = folder;
		this.#given = given;
		this.#counters = new CgroupCounters(folder, COUNTERS);
	}

	async enroll(pid: number): Promise<void> {
		await writeFile(join(this.#folder, 'cgroup.procs'), String(pid));
	}

	limit({ memoryBytes, tmpBytes, cpuMillicores, processesMax }: InstanceLimits): void {
		if (this.#given.includes('memory')) {
			writeControl(this.#folder, 'memory.max', memoryBytes + tmpBytes);
			// Older kernels lack the one, and hosts that count no swap the other.
			tryControl(this.#folder, 'memory.oom.group', 1);
			tryControl(this.#folder, 'memory.swap.max', 0);
		}
		if (this.#given.includes('pids')) writeControl(this.#folder, 'pids.max', processesMax);
		if (this.#given.includes('cpu')) {
			const weight = Math.round((cpuMillicores / 1000) * WEIGHT_PER_CPU);
			writeControl(this.#folder, 'cpu.weight', Math.min(WEIGHT_MAX, Math.max(1, weight)));
		}
	}

	memory(): CgroupMemory | null {
		return this.#counters.memory();
	}

	/** Kernels since 5.19. */
	peakBytes(): number | null {
		const peak = readControl(this.#folder, 'memory.peak');
		return peak === null ? null : Number(peak);
	}

	/** `oom` counts only the group's own bound, `oom_kill` the host's shortage too. */
	oomKills(): number {
		return this.#counters.event('oom') === 0 ? 0 : this.#counters.event('oom_kill');
	}

	processIds(): number[] {
		return membersOf(this.#folder);
	}

	freeze(): Promise<boolean> {
		return tryControl(this.#folder, 'cgroup.freeze', 1) ? this.#standsStill() : this.#signals.freeze();
	}

	thaw(): void {
		if (!tryControl(this.#folder, 'cgroup.freeze', 0)) this.#signals.thaw();
	}

	/** The kernel stops each process where it comes by, and tells when it has the last. */
	async #standsStill(): Promise<boolean> {
		for (const waitMs of FREEZE_STEPS_MS) {
			if (/^frozen 1$/m.test(readControl(this.#folder, 'cgroup.events') ?? '')) return true;
			await delay(waitMs, undefined, { ref: false });
		}
		return false;
	}

	remove(): Promise<void> {
		this.#removed ??= this.#remove();
		return this.#removed;
	}

	async #remove(): Promise<void> {
		this.#counters.close();
		await removeGroup(this.#folder, () => killMembers(this.#folder));
	}
}

/** One by one: that one is refused must not cost the others. */
function enable(folder: string, controllers: readonly Controller[], write: ControlWriter): void {
	for (const controller of controllers) tryControl(folder, SUBTREE, `+${controller}`, write);
}

function moveInto(leaf: string, write: ControlWriter): boolean {
	return makeGroup(leaf) && tryControl(leaf, 'cgroup.procs', process.pid, write);
}

/** Refused, and left so, while another httpfn in the same group still needs it. */
async function putBack({ own, leaf, enabled, write }: Undo): Promise<void> {
	for (const controller of enabled) tryControl(own, SUBTREE, `-${controller}`, write);
	if (leaf !== null && tryControl(own, 'cgroup.procs', process.pid, write)) await removeGroup(leaf);
}

function listed(folder: string, name: string): Controller[] {
	const words = (readControl(folder, name) ?? '').split(/\s+/);
	return CONTROLLERS.filter((controller) => words.includes(controller));
}
