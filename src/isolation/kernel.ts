/**
 * The namespace and mount calls of Linux, as functions that throw. Those that change namespaces change them for the
 * calling thread only: they belong on the namespace thread.
 */
import { KernelError } from '../engine/kernel-error.ts';
import { cString, type Libc, requiredLibc } from '../engine/libc.ts';

export const CLONE = { newNamespace: 0x20000, newNetwork: 0x40000000, files: 0x200 } as const;
export const MS = { readOnly: 1, noSuid: 2, noDev: 4, rec: 16384, private: 1 << 18, slave: 1 << 19 } as const;

/** Numbers of system calls, the same on x86-64 and arm64 but for pivot_root. */
const SYS = {
	openTree: 428,
	moveMount: 429,
	mountSetattr: 442,
	pivotRoot: process.arch === 'arm64' ? 41 : 155,
};
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_RECURSIVE = 0x8000;
const OPEN_TREE_CLONE = 1;
const O_CLOEXEC = 0o2000000;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const MOUNT_ATTR = { readOnly: 1, noSuid: 2, noDev: 4 };
const MNT_DETACH = 2;
const MFD_CLOEXEC = 1;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP_RUNNING = 0x41;
const AF_INET = 2;
const SOCK_DGRAM = 2;

/** Throws where the C library can not be called. */
export function kernel(): Kernel {
	return new Kernel(requiredLibc());
}

export class Kernel {
	readonly libc: Libc;

	constructor(calls: Libc) {
		this.libc = calls;
	}

	unshare(flags: number): void {
		this.#check(this.libc.unshare(flags), 'unshare');
	}

	/** Joins the namespace that the descriptor stands for. */
	enter(descriptor: number, flag: number): void {
		// Threads that the engine has started from here (a collector, a compiler) share this thread's root, which may not be then.
		if (flag === CLONE.newNamespace) this.unshare(CLONE.files);
		this.#check(this.libc.setns(descriptor, flag), 'setns');
	}

	/** Takes every mount of this namespace out of the propagation of others, or lets it only receive (MS.slave). */
	propagation(kind: number): void {
		this.#mount('none', '/', null, MS.rec | kind, null);
	}

	/** `options` are of tmpfs: `size=512m,mode=1777`. */
	tmpfs(target: string, options: string): void {
		this.#mount('tmpfs', target, 'tmpfs', MS.noSuid | MS.noDev, options);
	}

	/** A copy of what is mounted at `path` and below, attached nowhere yet. The descriptor is the caller's to close. */
	openTree(path: string): number {
		const flags = OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE;
		return this.#call('open_tree', path, SYS.openTree, AT_FDCWD, path, flags);
	}

	/** Of what openTree answered. */
	makeReadOnly(tree: number): void {
		const set = MOUNT_ATTR.readOnly | MOUNT_ATTR.noSuid | MOUNT_ATTR.noDev;
		this.#setAttributes(tree, '', AT_EMPTY_PATH | AT_RECURSIVE, set);
	}

	/** The one mount at `path`, not what is mounted below. EBUSY where a file is open for writing by it. */
	makeMountReadOnly(path: string): void {
		this.#setAttributes(AT_FDCWD, path, 0, MOUNT_ATTR.readOnly);
	}

	attach(tree: number, target: string): void {
		const flags = MOVE_MOUNT_F_EMPTY_PATH;
		this.#call('move_mount', target, SYS.moveMount, tree, '', AT_FDCWD, target, flags);
	}

	/** Makes `root` the root of this mount namespace; `old`, a folder in it, takes the former one and is unmounted. */
	pivotRoot(root: string, old: string): void {
		this.#call('pivot_root', root, SYS.pivotRoot, root, `${root}${old}`);
		this.#check(this.libc.umount2(cString(old), MNT_DETACH), `umount ${old}`);
	}

	loopbackUp(): void {
		const socket = this.#check(this.libc.socket(AF_INET, SOCK_DGRAM | O_CLOEXEC, 0), 'socket');
		const request = Buffer.alloc(40);
		request.write('lo');
		request.writeInt16LE(IFF_UP_RUNNING, 16);
		const outcome = this.libc.ioctl(socket, SIOCSIFFLAGS, request);
		const number = outcome === 0 ? 0 : this.libc.lastErrorNumber();
		this.libc.close(socket);
		if (number !== 0) throw new KernelError('ioctl SIOCSIFFLAGS', number);
	}

	/** An anonymous file in memory. The descriptor is the caller's to close. */
	memoryFile(name: string): number {
		return this.#check(this.libc.memfd_create(cString(name), MFD_CLOEXEC), 'memfd_create');
	}

	#mount(source: string, target: string, type: string | null, flags: number, options: string | null): void {
		const text = (value: string | null) => (value === null ? null : cString(value));
		const outcome = this.libc.mount(cString(source), cString(target), text(type), flags, text(options));
		this.#check(outcome, `mount ${type ?? 'none'} on ${target}`);
	}

	#setAttributes(directory: number, path: string, flags: number, set: number): void {
		const attributes = Buffer.alloc(32);
		attributes.writeBigUInt64LE(BigInt(set), 0);
		const address = this.libc.address(attributes);
		this.#call('mount_setattr', path, SYS.mountSetattr, directory, path, flags, address, attributes.length);
	}

	/** Text among the arguments goes as the address of a C string. */
	#call(name: string, about: string, number: number, ...given: (number | bigint | string)[]): number {
		const kept: Buffer[] = [];
		const raw = given.map((argument) => {
			if (typeof argument !== 'string') return argument;
			const text = cString(argument);
			kept.push(text);
			return this.libc.address(text);
		});
		const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = raw;
		const outcome = this.libc.syscall(number, first, second, third, fourth, fifth);
		const checked = this.#check(outcome, `${name} ${about}`.trimEnd());
		// A use after the call: until here the collector may not take what it pointed to.
		for (const text of kept) text.fill(0);
		return checked;
	}

	#check(outcome: number, call: string): number {
		if (outcome < 0) throw new KernelError(call, this.libc.lastErrorNumber());
		return outcome;
	}
}
