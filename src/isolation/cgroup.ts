/**
 * Control groups: what the kernel enforces of an instance's limits. Two hierarchies exist, v2 and v1, and a host may let httpfn
 * write to one, to parts of one, or to none.
 */

export interface InstanceLimits {
	/** `memory_size`. Enforced to the byte by watching (MemoryWatch); the kernel's own bound is this and `tmpBytes` together. */
	readonly memoryBytes: number;
	/** The size of the instance's /tmp, which is charged to it and is not memory to the platform. */
	readonly tmpBytes: number;
	/** RUNTIME_CPU: a share of what is contended, never a ceiling. */
	readonly cpuMillicores: number;
	/** Processes and threads together. */
	readonly processesMax: number;
}

/** What enforces each limit, in words; null: nothing does. */
export interface CgroupPowers {
	readonly memory: string | null;
	readonly cpu: string | null;
	readonly processes: string | null;
	readonly freeze: string | null;
}

export interface Cgroups {
	readonly powers: CgroupPowers;
	/** A group for one instance, without limits yet. Throws where the kernel refuses. */
	create(): InstanceCgroup;
	/** Removes every group, and whoever is left in one; puts back what opening changed. Twice is harmless. Never rejects. */
	close(): Promise<void>;
}

/** The group of one instance. After `remove` every number is null and every call is harmless. */
export interface InstanceCgroup {
	/**
	 * Puts a process into the group; what it forks from then on is born there. A move waits for the kernel to let all others go
	 * by (8 to 25 ms measured), which is why it is a promise and belongs before the cold start. Rejects where the process is gone.
	 */
	enroll(pid: number): Promise<void>;
	/** Call it once, before the function runs: it costs 0.1 ms. Throws where the kernel refuses. */
	limit(limits: InstanceLimits): void;
	memory(): CgroupMemory | null;
	/** The most that was ever charged to the group, page cache included. */
	peakBytes(): number | null;
	/** Processes that the kernel ended because this group, not the host, had reached its bound. */
	oomKills(): number;
	/** As this host numbers them, and wherever they fled to. */
	processIds(): number[];
	/** Takes the processor from all of them. Resolves with whether they all stand still. Twice is harmless; a frozen process can still be killed. */
	freeze(): Promise<boolean>;
	thaw(): void;
	/** Ends whoever is left in it, and removes it. Resolves when that is done, or is not to be done; never rejects. */
	remove(): Promise<void>;
}

/** What can not be dropped: it needs memory as long as its owner wants it. */
export interface CgroupMemory {
	/** Heaps and stacks. */
	readonly anonymousBytes: number;
	/** Shared memory, and files in a tmpfs: /dev/shm and the instance's /tmp. */
	readonly sharedBytes: number;
}
