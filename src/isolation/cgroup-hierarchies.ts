/** Where this process stands in the hierarchies of control groups that are mounted here. Looks, and writes nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kernel tells of this process. */
export interface CgroupHost {
	/** The text of /proc/self/cgroup. */
	readonly membership: string;
	/** The text of /proc/self/mountinfo. */
	readonly mounts: string;
}

export interface CgroupHierarchies {
	/** This process's own folder in v2; null where v2 is not mounted. */
	readonly unified: string | null;
	/** The same in v1, by controller. */
	readonly legacy: ReadonlyMap<string, string>;
}

const V1_CONTROLLERS = ['memory', 'pids', 'cpu'];

export function thisHost(): CgroupHost {
	return { membership: readOrEmpty('/proc/self/cgroup'), mounts: readOrEmpty('/proc/self/mountinfo') };
}

export function findHierarchies({ membership, mounts }: CgroupHost): CgroupHierarchies {
	const own = memberships(membership);
	const legacy = new Map<string, string>();
	let unified: string | null = null;
	for (const line of mounts.split('\n')) {
		const mount = parseMount(line);
		if (mount === null) continue;
		if (mount.type === 'cgroup2') unified ??= ownFolder(mount, own.get(''));
		if (mount.type !== 'cgroup') continue;
		for (const controller of V1_CONTROLLERS) {
			if (!mount.options.includes(controller) || legacy.has(controller)) continue;
			const folder = ownFolder(mount, own.get(controller));
			if (folder !== null) legacy.set(controller, folder);
		}
	}
	return { unified, legacy };
}

interface CgroupMount {
	/** Which folder of the hierarchy is mounted. */
	readonly root: string;
	readonly point: string;
	readonly type: string;
	readonly options: readonly string[];
}

/** Lines are `4:memory:/path`, and `0::/path` for v2. */
function memberships(text: string): Map<string, string> {
	const own = new Map<string, string>();
	for (const line of text.split('\n')) {
		const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
		if (controllers === undefined || path === undefined) continue;
		for (const controller of controllers.split(',')) own.set(controller, path);
	}
	return own;
}

/** `31 23 0:28 ROOT POINT rw,relatime shared:1 - TYPE SOURCE OPTIONS` (proc_pid_mountinfo(5)). */
function parseMount(line: string): CgroupMount | null {
	const [before = '', after] = line.split(' - ');
	if (after === undefined) return null;
	const [, , , root = '', point = ''] = before.split(' ');
	const [type = '', , options = ''] = after.split(' ');
	return { root: unescaped(root), point: unescaped(point), type, options: options.split(',') };
}

/** Null where the mount does not show this process's own group. */
function ownFolder({ root, point }: CgroupMount, path: string | undefined): string | null {
	if (path === undefined || path.split('/').includes('..')) return null;
	if (root === '/') return join(point, path);
	if (path === root) return point;
	return path.startsWith(`${root}/`) ? join(point, path.slice(root.length)) : null;
}

/** Spaces and the like come as `\040`. */
function unescaped(text: string): string {
	return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
		String.fromCharCode(Number.parseInt(digits, 8)),
	);
}

function readOrEmpty(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
