/** Whether this host lets httpfn make namespaces, by what can be known without making one. */

import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { HostVariables } from '../contract/environment.ts';
import { libc } from '../engine/libc.ts';
import { findBash } from '../process/find-bash.ts';
import { PLACES } from './places.ts';
import { userNamespaceRefusal } from './rootless.ts';
import type { PlaceTools } from './thread-protocol.ts';

export type NamespaceSupport =
	| {
			readonly kind: 'supported';
			readonly tools: PlaceTools;
			/** True: as root, functions get a user of their own. False: in a user namespace, made for httpfn or for a container. */
			readonly privileged: boolean;
	  }
	/** `entry`: httpfn has to be started again inside a user namespace first, see rootless.ts. */
	| { readonly kind: 'entry'; readonly tools: PlaceTools }
	| { readonly kind: 'unsupported'; readonly found: string; readonly advice: string };

const CAP_SYS_ADMIN = 21n;
/** Where administrators' programs are, PATH or not. */
const USUAL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** What a place is made of, by the names of the host's limits. */
const NAMESPACES = ['net', 'pid', 'mnt', 'ipc', 'uts'];

/** `host` is the environment of httpfn. */
export function namespaceSupport(host: HostVariables): NamespaceSupport {
	const path = host.PATH;
	if (process.platform !== 'linux')
		return unsupported(`${process.platform} has no namespaces`, 'run it on Linux');
	if ('Deno' in globalThis || libc() === null) {
		return unsupported('this engine cannot call the C library', 'use the httpfn executable');
	}
	const unshare = findTool('unshare', path);
	const setpriv = findTool('setpriv', path);
	if (unshare === null || setpriv === null) {
		const name = unshare === null ? 'unshare' : 'setpriv';
		return unsupported(`the program ${name} is missing`, 'install util-linux');
	}
	const tools = { unshare, setpriv, bash: findBash(path) };
	const forbidden = NAMESPACES.find((kind) => limitOf(kind) === 0);
	if (forbidden !== undefined) {
		const limit = `user.max_${forbidden}_namespaces`;
		return unsupported(`${limit} is 0`, `allow them (sysctl ${limit})`);
	}
	if (hasCapability(CAP_SYS_ADMIN)) {
		return { kind: 'supported', tools, privileged: process.getuid?.() === 0 && mapsFunctionUser() };
	}
	const refusal = userNamespaceRefusal(host);
	if (refusal === null) return { kind: 'entry', tools };
	return unsupported(
		`this user may not make a user namespace (${refusal})`,
		'allow them (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces, AppArmor), or run httpfn as root',
	);
}

function unsupported(found: string, advice: string): NamespaceSupport {
	return { kind: 'unsupported', found, advice };
}

function findTool(name: string, path: string | undefined): string | null {
	for (const folder of [...USUAL_FOLDERS, ...(path ?? '').split(delimiter)]) {
		const candidate = join(folder, name);
		if (folder.startsWith('/') && isExecutable(candidate)) return candidate;
	}
	return null;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** How many namespaces of a kind this user may make; null: that is not told here. */
function limitOf(kind: string): number | null {
	try {
		return Number(readFileSync(`/proc/sys/user/max_${kind}_namespaces`, 'latin1'));
	} catch {
		return null;
	}
}

function hasCapability(number: bigint): boolean {
	try {
		const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
		return (BigInt(`0x${mask}`) & (1n << number)) !== 0n;
	} catch {
		return false;
	}
}

/** Whether the user of functions exists in the user namespace that httpfn is in. */
function mapsFunctionUser(): boolean {
	try {
		return readFileSync('/proc/self/uid_map', 'latin1')
			.trim()
			.split('\n')
			.map((line) => line.trim().split(/\s+/).map(Number))
			.some(([first = 0, , count = 0]) => PLACES.user.uid >= first && PLACES.user.uid < first + count);
	} catch {
		return false;
	}
}
