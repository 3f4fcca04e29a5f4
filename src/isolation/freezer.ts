/** Takes the processor from an instance, and gives it back: by its control group, or by a signal to each process. */
import type { InstanceCgroup } from './cgroup.ts';
import { continueAll, stopAll } from './cgroup-signals.ts';

export class Freezer {
	readonly #cgroup: InstanceCgroup | null;
	readonly #processIds: () => readonly number[];
	#frozen = false;

	/** `cgroup` is null where it cannot freeze. */
	constructor(cgroup: InstanceCgroup | null, processIds: () => readonly number[]) {
		this.#cgroup = cgroup;
		this.#processIds = processIds;
	}

	/** Twice is harmless. */
	freeze(): void {
		if (this.#frozen) return;
		this.#frozen = true;
		if (this.#cgroup === null) stopAll(this.#processIds);
		else this.#cgroup.freeze();
	}

	/** Twice is harmless. */
	thaw(): void {
		if (!this.#frozen) return;
		this.#frozen = false;
		if (this.#cgroup === null) continueAll(this.#processIds());
		else this.#cgroup.thaw();
	}
}
