/** Opens the control groups that this host lets httpfn write to. */
import type { Cgroups } from './cgroup.ts';
import { type CgroupHost, findHierarchies, thisHost } from './cgroup-hierarchies.ts';
import { openCgroupsV1 } from './cgroup-v1.ts';
import { controllersOf, openCgroupsV2 } from './cgroup-v2.ts';

/**
 * Null where neither hierarchy can be written. The one that bounds memory is preferred, of two v2. It is the first to write
 * anything: folders named after this process, which also lets leftovers of ended ones be removed. Once in a process (shared-cgroups.ts): a second
 * opening would have the first one's groups.
 */
export function openCgroups(host: CgroupHost = thisHost()): Cgroups | null {
	const { unified, legacy } = findHierarchies(host);
	const v1 = () => openCgroupsV1(legacy);
	const v2 = () => (unified === null ? null : openCgroupsV2(unified));
	const v2First = unified !== null && (controllersOf(unified).includes('memory') || !legacy.has('memory'));
	return v2First ? (v2() ?? v1()) : (v1() ?? v2());
}
