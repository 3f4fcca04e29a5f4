/**
 * The root folder of instances, made once and copied for each: system folders of the host, read-only, on an empty file
 * system. Runs on the namespace thread.
 */
import {
	closeSync,
	lstatSync,
	mkdirSync,
	openSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Kernel } from './kernel.ts';
import { CLONE, MS } from './kernel.ts';
import { PLACES } from './places.ts';
import type { RootPlan } from './root-plan.ts';

/** The device files a program may expect (as in any container). */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const DEVICE_LINKS = [
	['fd', '/proc/self/fd'],
	['stdin', '/proc/self/fd/0'],
	['stdout', '/proc/self/fd/1'],
	['stderr', '/proc/self/fd/2'],
] as const;
/** Taken as the place to build on: nothing of it is needed while the root is made. */
const BUILDING_PLACE = '/tmp';
const FORMER_ROOT = '/.former';

/**
 * Leaves the calling thread in the mount namespace that holds the new root, and answers a descriptor of it. `host` is
 * the namespace that shows the host's files.
 */
export function makeRoot(kernel: Kernel, host: number, plan: RootPlan, resolvers: string): number {
	kernel.enter(host, CLONE.newNamespace);
	const trees = new Map(
		[...plan.shown, '/proc', ...DEVICES.map((name) => `/dev/${name}`)].map(
			(path) => [path, kernel.openTree(path)] as const,
		),
	);
	const programs = [
		[kernel.openTree(plan.program), PLACES.program] as const,
		...(plan.host === null ? [] : [[kernel.openTree(plan.host), PLACES.host] as const]),
	];
	kernel.unshare(CLONE.newNamespace);
	kernel.propagation(MS.private);
	const root = BUILDING_PLACE;
	kernel.tmpfs(root, 'size=4m,mode=755');
	makeFolders(root);
	for (const [path, target] of plan.links) symlinkSync(target, join(root, path));
	for (const [path, tree] of trees) {
		const isDevice = path.startsWith('/dev/');
		if (!isDevice && path !== '/proc') kernel.makeReadOnly(tree);
		attachAt(kernel, tree, path, root);
		closeSync(tree);
	}
	for (const [tree, path] of programs) {
		kernel.makeReadOnly(tree);
		attachAt(kernel, tree, path, root);
		closeSync(tree);
	}
	writeSystemFiles(kernel, root, resolvers);
	for (const path of plan.hidden) cover(kernel, join(root, path));
	mkdirSync(join(root, FORMER_ROOT));
	coverByCopy(kernel, root);
	kernel.pivotRoot(root, FORMER_ROOT);
	kernel.makeMountReadOnly('/');
	return openSync('/proc/thread-self/ns/mnt', 'r');
}

/**
 * The same files by a mount that nobody has written by. A process that is being started elsewhere in httpfn has what is
 * open here for a moment, and a mount by which a file is open for writing can not be made read-only (EBUSY).
 */
function coverByCopy(kernel: Kernel, root: string): void {
	const copy = kernel.openTree(root);
	kernel.attach(copy, root);
	closeSync(copy);
}

function makeFolders(root: string): void {
	const folders = [
		'dev/shm',
		'run',
		'tmp',
		'var/lib',
		'var/log',
		'var/cache',
		'home/snuser',
		'root',
		'.system',
	];
	for (const folder of [...folders, PLACES.code, PLACES.runtime, PLACES.edge])
		mkdirSync(join(root, folder), { recursive: true });
	// Where a bundle finds what it leaves to the function's own packages.
	symlinkSync(join(PLACES.code, 'node_modules'), join(root, dirname(PLACES.edge), 'node_modules'));
	symlinkSync('/tmp', join(root, 'var/tmp'));
	symlinkSync('/run', join(root, 'var/run'));
	for (const [name, target] of DEVICE_LINKS) symlinkSync(target, join(root, 'dev', name));
}

/** Makes what is to be covered: a folder for a folder, a file for a file. */
function attachAt(kernel: Kernel, tree: number, path: string, root: string): void {
	const target = join(root, path);
	if (statSync(`/proc/self/fd/${tree}`).isDirectory()) {
		mkdirSync(target, { recursive: true });
	} else {
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, '');
	}
	kernel.attach(tree, target);
}

/** The user of functions has a name, and names are resolved by httpfn. */
function writeSystemFiles(kernel: Kernel, root: string, resolvers: string): void {
	const { uid, name, home } = PLACES.user;
	const others = (file: string) =>
		readText(join(root, file))
			.split('\n')
			.filter((line) => line !== '' && !line.startsWith(`${name}:`) && line.split(':')[2] !== String(uid));
	overlay(kernel, root, '/etc/passwd', [
		...others('/etc/passwd'),
		`${name}:x:${uid}:${uid}::${home}:/bin/bash`,
	]);
	overlay(kernel, root, '/etc/group', [...others('/etc/group'), `${name}:x:${uid}:`]);
	overlay(kernel, root, '/etc/resolv.conf', [resolvers.trimEnd()]);
}

/** Puts a file of ours over one of the host's. Where that one is a link into a folder that is not shown, the link is given its target. */
function overlay(kernel: Kernel, root: string, path: string, lines: readonly string[]): void {
	const text = `${lines.join('\n')}\n`;
	const link = readLink(join(root, path));
	if (link !== null) {
		const target = join(root, resolve(dirname(path), link));
		try {
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, text, { flag: 'wx' });
		} catch {
			// The target is a file of the host's, and read-only: it stays.
		}
		return;
	}
	if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) return;
	const own = join(root, '.system', path.replaceAll('/', '-').slice(1));
	writeFileSync(own, text);
	const tree = kernel.openTree(own);
	kernel.makeReadOnly(tree);
	kernel.attach(tree, join(root, path));
	closeSync(tree);
}

/** What lies there is not seen: an empty folder, or an empty file, takes its place. */
function cover(kernel: Kernel, path: string): void {
	const found = lstatSync(path, { throwIfNoEntry: false });
	if (found === undefined) return;
	if (found.isDirectory()) {
		kernel.tmpfs(path, 'size=4k,mode=555');
		return;
	}
	const tree = kernel.openTree('/dev/null');
	kernel.attach(tree, path);
	closeSync(tree);
}

function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}

function readLink(path: string): string | null {
	try {
		return readlinkSync(path);
	} catch {
		return null;
	}
}
