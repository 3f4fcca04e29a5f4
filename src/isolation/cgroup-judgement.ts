/** What of an instance's limits this host enforces, and by what, for `httpfn doctor`. */
import { type Capability, capability } from './capability.ts';
import type { Cgroups } from './cgroup.ts';
import { mayMakeGroupsIn } from './cgroup-folder.ts';
import { type CgroupHost, findHierarchies, thisHost } from './cgroup-hierarchies.ts';
import { controllersOf } from './cgroup-v2.ts';
import { PROCESS_LIMITS } from './process-usage-limits.ts';

const DELEGATE = 'systemd-run --scope -p Delegate=yes httpfn …';

const NOT_GIVEN = { found: 'that controller is not given to httpfn', advice: `start it with ${DELEGATE}` };

/**
 * `cgroups` is what `openCgroups` answered for the same host. `ownUserNamespaces`: each instance has one, so that a limit of
 * its user's processes is a limit of its own.
 */
export function judgeLimits(
	cgroups: Cgroups | null,
	ownUserNamespaces: boolean,
	host: CgroupHost = thisHost(),
): Capability[] {
	const { memory, cpu, processes } = cgroups?.powers ?? { memory: null, cpu: null, processes: null };
	const { found: why, advice } = cgroups === null ? obstacle(host) : NOT_GIVEN;
	const limited = (name: string, found: string) => capability(name, 'limited', `${found}: ${why}`, advice);
	const processesMax = PROCESS_LIMITS.processesMax;
	return [
		memory === null
			? limited('memory', 'looked at every 100 ms while busy, not bounded by the kernel')
			: capability('memory', 'ok', `bounded by ${memory}, and looked at every 100 ms while busy`),
		cpu === null
			? limited('cpu', 'all instances weigh the same')
			: capability('cpu', 'ok', `shares by memory size: ${cpu}`),
		processes !== null
			? capability('processes', 'ok', `${processesMax} an instance: ${processes}`)
			: ownUserNamespaces
				? capability('processes', 'ok', `${processesMax} an instance: RLIMIT_NPROC in a user namespace`)
				: limited('processes', 'not bounded'),
		capability('freeze', 'ok', cgroups?.powers.freeze ?? 'signals to each process'),
	];
}

/** Why no group could be made. Looks only. */
function obstacle(host: CgroupHost): { found: string; advice: string } {
	const { unified, legacy } = findHierarchies(host);
	const folders = [...legacy.values(), ...(unified === null ? [] : [unified])];
	if (folders.length === 0) {
		return { found: 'no control groups are mounted', advice: 'mount cgroup2 on /sys/fs/cgroup' };
	}
	if (unified === null || controllersOf(unified).length === 0) {
		return { found: 'the control groups may not be written', advice: 'run httpfn as root' };
	}
	return mayMakeGroupsIn(unified)
		? { found: `other processes are in ${unified} too`, advice: `start it with ${DELEGATE}` }
		: {
				found: `${unified} may not be written`,
				advice: `run httpfn as root, or start it with ${DELEGATE.replace(' ', ' --user ')}`,
			};
}
