/** The control groups of this process, for all that isolate instances in it: their folder bears the process's name, so there is one opening. */
import type { Cgroups } from './cgroup.ts';
import { openCgroups } from './cgroups.ts';

interface Opening {
	readonly cgroups: Cgroups;
	users: number;
}

let opening: Opening | null = null;

/** As `openCgroups`; whoever closes last removes them. */
export function shareCgroups(): Cgroups | null {
	const shared = opening ?? begin();
	if (shared === null) return null;
	shared.users += 1;
	const { cgroups } = shared;
	let isOpen = true;
	return {
		powers: cgroups.powers,
		create: () => cgroups.create(),
		async close() {
			if (!isOpen) return;
			isOpen = false;
			shared.users -= 1;
			if (shared.users > 0) return;
			opening = null;
			await cgroups.close();
		},
	};
}

function begin(): Opening | null {
	const cgroups = openCgroups();
	opening = cgroups === null ? null : { cgroups, users: 0 };
	return opening;
}
