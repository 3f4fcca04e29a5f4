/**
 * Sockets that listen at one place for several processes. At a TCP address each process has one of its own, and the kernel
 * deals the connections out by a hash (SO_REUSEPORT); a Unix socket, and what somebody else has bound, is one that all accept on.
 */
import { lookup } from 'node:dns/promises';
import { constants } from 'node:os';
import { addressBytes } from '../base/address-block.ts';
import { boundPlace } from './bound-place.ts';
import { KernelError } from './kernel-error.ts';
import { cString, type Libc, requiredLibc } from './libc.ts';
import type { BoundPlace, ListenPlace } from './listener.ts';
import { clearUnixPath, keepUnixPath } from './unix-path.ts';

const AF = { unix: 1, inet: 2, inet6: 10 } as const;
const SOCK_STREAM = 1;
const SOCK_FLAGS = 0o2004000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_REUSEPORT = 15;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const ON = Buffer.from([1, 0, 0, 0]);
const OFF = Buffer.alloc(4);

export interface SharedListeners {
	readonly place: BoundPlace;
	/** One for each process, in part the same; they are closed by `close`. */
	readonly descriptors: readonly number[];
	/** Closes this process's copies. Twice is harmless. */
	close(): void;
}

/** Rejects with the system's error, as `listen` does. */
export async function openSharedListeners(
	at: ListenPlace,
	count: number,
	backlog: number,
): Promise<SharedListeners> {
	const calls = requiredLibc();
	if (at.kind === 'descriptor') return shared(calls, boundPlace(at.fd), Array(count).fill(at.fd), () => {});
	if (at.kind === 'unix') {
		await clearUnixPath(at.path);
		const socket = open(calls, AF.unix);
		finish(calls, socket, unixAddress(at.path), backlog);
		return shared(calls, at, Array(count).fill(socket), keepUnixPath(at.path));
	}
	const host = addressBytes(at.host) ?? addressBytes((await lookup(at.host)).address);
	// Of one network interface only, which has no name here: anything else would listen where nobody said.
	if (host === null) throw new KernelError('bind', constants.errno.EADDRNOTAVAIL);
	return openEach(calls, { host, port: at.port }, count, backlog);
}

/** The first is bound without sharing: otherwise another program of this user could have the port already, unnoticed. */
function openEach(
	calls: Libc,
	{ host, port }: { readonly host: readonly number[]; readonly port: number },
	count: number,
	backlog: number,
): SharedListeners {
	const sockets: number[] = [];
	let place: BoundPlace | null = null;
	try {
		for (let index = 0; index < count; index++) {
			const socket = openInternet(calls, host);
			sockets.push(socket);
			if (index > 0) calls.setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, ON, ON.length);
			const wanted = place?.kind === 'tcp' ? place.port : port;
			bind(calls, socket, internetAddress(host, wanted));
			if (index === 0) calls.setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, ON, ON.length);
			place ??= boundPlace(socket);
		}
		for (const socket of sockets) check(calls, 'listen', calls.listen(socket, backlog));
	} catch (error) {
		for (const socket of sockets) calls.close(socket);
		throw error;
	}
	if (place === null) throw new Error('somebody is to listen');
	return shared(calls, place, sockets, () => {});
}

function shared(
	calls: Libc,
	place: BoundPlace,
	descriptors: readonly number[],
	release: () => void,
): SharedListeners {
	let isOpen = true;
	return {
		place,
		descriptors,
		close: () => {
			if (isOpen) for (const descriptor of new Set(descriptors)) calls.close(descriptor);
			if (isOpen) release();
			isOpen = false;
		},
	};
}

function openInternet(calls: Libc, host: readonly number[]): number {
	const socket = open(calls, host.length === 4 ? AF.inet : AF.inet6);
	calls.setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, ON, ON.length);
	// `::` is every address, those of IPv4 too.
	if (host.length !== 4) calls.setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, OFF, OFF.length);
	return socket;
}

function open(calls: Libc, family: number): number {
	return check(calls, 'socket', calls.socket(family, SOCK_STREAM | SOCK_FLAGS, 0));
}

function finish(calls: Libc, socket: number, address: Buffer, backlog: number): void {
	try {
		bind(calls, socket, address);
		check(calls, 'listen', calls.listen(socket, backlog));
	} catch (error) {
		calls.close(socket);
		throw error;
	}
}

function bind(calls: Libc, socket: number, address: Buffer): void {
	check(calls, 'bind', calls.bind(socket, address, address.length));
}

/** struct sockaddr_in, or sockaddr_in6. */
function internetAddress(host: readonly number[], port: number): Buffer {
	const four = host.length === 4;
	const address = Buffer.alloc(four ? 16 : 28);
	address.writeUInt16LE(four ? AF.inet : AF.inet6, 0);
	address.writeUInt16BE(port, 2);
	Buffer.from(host).copy(address, four ? 4 : 8);
	return address;
}

/** struct sockaddr_un, as long as it has to be. */
function unixAddress(path: string): Buffer {
	const family = Buffer.alloc(2);
	family.writeUInt16LE(AF.unix);
	return Buffer.concat([family, cString(path)]);
}

function check(calls: Libc, call: string, outcome: number): number {
	if (outcome < 0) throw new KernelError(call, calls.lastErrorNumber());
	return outcome;
}
