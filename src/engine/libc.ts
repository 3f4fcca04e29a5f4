/**
 * The calls of the C library that no engine offers, by its foreign function interface. Bun and Node.js only: Deno makes
 * pipes by itself, and what else needs these calls is refused there.
 *
 * Every call answers what the C function answers: -1 is a failure, `lastErrorNumber` then tells which. Buffers are handed over by
 * address and must outlive the call only.
 */
import { once } from '../base/once.ts';

const CALLS = {
	pipe2: ['buffer', 'int'],
	fcntl: ['int', 'int', 'int'],
	flock: ['int', 'int'],
	close: ['int'],
	unshare: ['int'],
	setns: ['int', 'int'],
	socket: ['int', 'int', 'int'],
	connect: ['int', 'buffer', 'int'],
	bind: ['int', 'buffer', 'int'],
	listen: ['int', 'int'],
	accept4: ['int', 'buffer', 'buffer', 'int'],
	shutdown: ['int', 'int'],
	send: ['int', 'buffer', 'long', 'int'],
	recv: ['int', 'buffer', 'long', 'int'],
	getsockname: ['int', 'buffer', 'buffer'],
	getsockopt: ['int', 'int', 'int', 'buffer', 'buffer'],
	setsockopt: ['int', 'int', 'int', 'buffer', 'int'],
	sendto: ['int', 'buffer', 'long', 'int', 'buffer', 'int'],
	recvfrom: ['int', 'buffer', 'long', 'int', 'buffer', 'buffer'],
	ioctl: ['int', 'long', 'buffer'],
	mount: ['buffer', 'buffer', 'buffer', 'long', 'buffer'],
	umount2: ['buffer', 'int'],
	prctl: ['int', 'long', 'long', 'long', 'long'],
	poll: ['buffer', 'long', 'int'],
	epoll_create1: ['int'],
	epoll_ctl: ['int', 'int', 'int', 'buffer'],
	epoll_wait: ['int', 'buffer', 'int', 'int'],
	execve: ['buffer', 'buffer', 'buffer'],
	memfd_create: ['buffer', 'int'],
	socketpair: ['int', 'int', 'int', 'buffer'],
	sendmsg: ['int', 'buffer', 'int'],
	recvmsg: ['int', 'buffer', 'int'],
	umask: ['int'],
	usleep: ['int'],
	clock_gettime: ['int', 'buffer'],
	/** For calls that older C libraries do not name; arguments that are not used are 0. */
	syscall: ['long', 'long', 'long', 'long', 'long', 'long'],
} as const satisfies Record<string, readonly Kind[]>;

/** `buffer` is an address: of bytes, or null. */
type Kind = 'int' | 'long' | 'buffer';
type Argument<K extends Kind> = K extends 'buffer'
	? Uint8Array | null
	: K extends 'long'
		? number | bigint
		: number;
type Arguments<Kinds extends readonly Kind[]> = { -readonly [I in keyof Kinds]: Argument<Kinds[I]> };

export type Libc = {
	readonly [Name in keyof typeof CALLS]: (...given: Arguments<(typeof CALLS)[Name]>) => number;
} & {
	/** `errno` of the last call that answered -1; ask at once. */
	lastErrorNumber(): number;
	/** The address of a buffer, for structures that hold pointers. The buffer must be kept until the call is over. */
	address(buffer: Buffer): bigint;
	/** Bytes of a file from `offset` on, shared with whoever maps it too, for as long as this process lives. Throws where the system refuses. */
	map(descriptor: number, bytes: number, offset: number): ArrayBuffer;
};

type Raw = Record<string, (...given: readonly unknown[]) => number | bigint>;

/** Bun's module takes buffers as they are, Node's wants their addresses. */
interface BunFfi {
	dlopen(
		library: string,
		symbols: Record<string, { args: readonly string[]; returns: string }>,
	): { symbols: Raw };
	ptr(buffer: Buffer): number;
	toArrayBuffer(address: number, offset: number, bytes: number): ArrayBuffer;
	readonly read: { i32(address: number): number };
}

interface NodeFfi {
	dlopen(
		library: string,
		symbols: Record<string, { arguments: readonly string[]; return: string }>,
	): { functions: Raw };
	getRawPointer(buffer: Buffer): bigint;
	toArrayBuffer(address: bigint, bytes: number, copy: boolean): ArrayBuffer;
	getInt32(address: bigint): number;
}

/** glibc, then musl. */
const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];
const ERRNO = '__errno_location';
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
/** The only call of ours that answers an address. */
const MMAP = 'mmap';

/** Null where the library or the interface is missing; asked once. */
export const libc: () => Libc | null = once(() => (process.platform === 'linux' ? openLibc() : null));

/** For whoever can do nothing without it: throws where `libc` is null. */
export function requiredLibc(): Libc {
	const calls = libc();
	if (calls === null) throw new Error('this engine can not call the C library');
	return calls;
}

/** A C string. */
export function cString(text: string): Buffer {
	return Buffer.from(`${text}\0`);
}

function openLibc(): Libc | null {
	const bunFfi = process.getBuiltinModule('bun:ffi') as unknown as BunFfi | undefined;
	const nodeFfi = process.getBuiltinModule('node:ffi') as unknown as NodeFfi | undefined;
	for (const library of LIBRARIES) {
		try {
			if (bunFfi !== undefined) return openWithBun(bunFfi, library);
			if (nodeFfi !== undefined) return openWithNode(nodeFfi, library);
		} catch {
			// Another libc, then.
		}
	}
	return null;
}

/** Each call is linked when it is first used: that takes some 30 µs, and a start needs few of them. */
function openWithBun(ffi: BunFfi, library: string): Libc {
	const names = { int: 'i32', long: 'i64', buffer: 'ptr' } as const;
	const link = (name: string, args: readonly string[], returns: string) =>
		ffi.dlopen(library, { [name]: { args, returns } }).symbols[name];
	const errorNumber = link(ERRNO, [], 'ptr');
	const calls = {
		lastErrorNumber: () => ffi.read.i32(Number(errorNumber?.())),
		address: (buffer: Buffer) => BigInt(ffi.ptr(buffer)),
		map: (descriptor: number, bytes: number, offset: number) => {
			const mmap = link(MMAP, ['ptr', 'i64', 'i32', 'i32', 'i32', 'i64'], 'ptr');
			const address = mmap?.(null, bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, offset);
			return ffi.toArrayBuffer(Number(mapped(address)), 0, bytes);
		},
	};
	for (const [name, kinds] of Object.entries(CALLS)) {
		const get = () => {
			const value = link(
				name,
				kinds.map((kind) => names[kind]),
				'i32',
			);
			Object.defineProperty(calls, name, { value, enumerable: true });
			return value;
		};
		Object.defineProperty(calls, name, { get, enumerable: true, configurable: true });
	}
	return calls as unknown as Libc;
}

function openWithNode(ffi: NodeFfi, library: string): Libc {
	const names = { int: 'int32', long: 'int64', buffer: 'pointer' } as const;
	const signature = (kinds: readonly Kind[]) => ({
		arguments: kinds.map((kind) => names[kind]),
		return: 'int32',
	});
	const { functions } = ffi.dlopen(library, {
		...mapCalls(signature),
		[ERRNO]: { arguments: [], return: 'pointer' },
		[MMAP]: { arguments: ['pointer', 'int64', 'int32', 'int32', 'int32', 'int64'], return: 'pointer' },
	});
	const convert = (kind: Kind | undefined, value: unknown): unknown => {
		if (kind === 'long') return BigInt(value as number | bigint);
		if (kind !== 'buffer') return value;
		return value === null ? 0n : ffi.getRawPointer(value as Buffer);
	};
	const calls = mapCalls((kinds, name) => {
		const call = functions[name];
		return (...given: unknown[]) => call?.(...given.map((value, index) => convert(kinds[index], value)));
	});
	return {
		...calls,
		lastErrorNumber: () => ffi.getInt32(functions[ERRNO]?.() as bigint),
		address: (buffer: Buffer) => ffi.getRawPointer(buffer),
		map: (descriptor: number, bytes: number, offset: number) => {
			const address = functions[MMAP]?.(
				0n,
				BigInt(bytes),
				PROT_READ_WRITE,
				MAP_SHARED,
				descriptor,
				BigInt(offset),
			);
			return ffi.toArrayBuffer(BigInt(mapped(address)), bytes, false);
		},
	} as unknown as Libc;
}

function mapCalls<T>(map: (kinds: readonly Kind[], name: string) => T): Record<string, T> {
	return Object.fromEntries(Object.entries(CALLS).map(([name, kinds]) => [name, map(kinds, name)]));
}

/** What mmap answered; -1 is its failure. */
function mapped(address: number | bigint | null | undefined): number | bigint {
	if (address == null || BigInt.asIntN(64, BigInt(address)) === -1n) throw new Error('mmap was refused');
	return address;
}
