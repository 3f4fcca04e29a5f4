/**
 * Memory as a control group counts it.
 *
 * Counted: heaps, stacks and shared memory (`anon` or `rss`, and `shmem`). Not counted: page cache, active or not, for the kernel drops
 * it when memory is short, and who pays for a shared file is chance; files in the instance's /tmp, which the platform
 * bounds on their own; what the kernel itself needs for the instance, which only the kernel's bound counts.
 */
import { statfsSync } from 'node:fs';
import type { InstanceCgroup } from './cgroup.ts';
import type { MemorySource } from './memory-source.ts';

export class MemoryOfCgroup implements MemorySource {
	readonly #cgroup: InstanceCgroup;
	readonly #tmpFolder: string | null;
	#tmpBytes = 0;

	/** `tmpFolder`: the instance's own /tmp as this process reaches it (`/proc/PID/root/tmp`); null where it has none of its own. */
	constructor(cgroup: InstanceCgroup, tmpFolder: string | null) {
		this.#cgroup = cgroup;
		this.#tmpFolder = tmpFolder;
	}

	usedBytes(): number | null {
		const memory = this.#cgroup.memory();
		if (memory === null) return null;
		const { anonymousBytes, sharedBytes } = memory;
		return anonymousBytes + Math.max(0, sharedBytes - this.#heldByTmp(sharedBytes));
	}

	killedAtBytes(): number | null {
		if (this.#cgroup.oomKills() === 0) return null;
		return Math.max(0, (this.#cgroup.peakBytes() ?? 0) - this.#tmpBytes);
	}

	#heldByTmp(sharedBytes: number): number {
		if (this.#tmpFolder === null) return 0;
		if (sharedBytes === 0) this.#tmpBytes = 0;
		else this.#lookAtTmp(this.#tmpFolder);
		return this.#tmpBytes;
	}

	#lookAtTmp(folder: string): void {
		try {
			const { blocks, bfree, bsize } = statfsSync(folder);
			this.#tmpBytes = (blocks - bfree) * bsize;
		} catch {
			// The instance has just ended: what was known last stands.
		}
	}
}
