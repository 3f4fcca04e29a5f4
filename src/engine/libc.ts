/**
 * The calls of the C library that no engine offers, by its foreign function interface. Bun and Node.js only: where Deno
 * runs there is none, and so far nothing needs one there.
 */
interface Libc {
	/** `descriptors` holds two 32-bit numbers. Answers 0, or -1. */
	pipe2(descriptors: Buffer, flags: number): number;
	fcntl(descriptor: number, command: number, argument: number): number;
}

/** Bun's module takes buffers as they are, Node's wants their addresses. */
interface BunFfi {
	dlopen(
		library: string,
		symbols: Record<keyof Libc, { args: string[]; returns: string }>,
	): { symbols: Libc };
}

interface NodeFfi {
	dlopen(
		library: string,
		symbols: Record<keyof Libc, { arguments: string[]; return: string }>,
	): { functions: { pipe2(address: bigint, flags: number): number; fcntl: Libc['fcntl'] } };
	getRawPointer(buffer: Buffer): bigint;
}

/** glibc, then musl. */
const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

let opened: Libc | null | undefined;

/** Null where the library or the interface is missing; asked once. */
export function libc(): Libc | null {
	if (opened === undefined) opened = process.platform === 'linux' ? openLibc() : null;
	return opened;
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

function openWithBun(ffi: BunFfi, library: string): Libc {
	return ffi.dlopen(library, {
		pipe2: { args: ['ptr', 'i32'], returns: 'i32' },
		fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
	}).symbols;
}

function openWithNode(ffi: NodeFfi, library: string): Libc {
	const { pipe2, fcntl } = ffi.dlopen(library, {
		pipe2: { arguments: ['pointer', 'int32'], return: 'int32' },
		fcntl: { arguments: ['int32', 'int32', 'int32'], return: 'int32' },
	}).functions;
	return { pipe2: (descriptors, flags) => pipe2(ffi.getRawPointer(descriptors), flags), fcntl };
}
