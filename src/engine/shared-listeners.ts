/**
 * Sockets that listen at one place for several processes. At a TCP address each process has one of its own, and the kernel
 * deals the connections out by a hash (SO_REUSEPORT); a Unix socket, and what somebody else has bound, is one that all accept on.
 */
import { constants } from 'node:os';
import { addressBytes } from '../base/address-block.ts';
import { boundPlace } from './bound-place.ts';
import { KernelError } from './kernel-error.ts';
import { nodeDns } from './late-builtins.ts';
import { cString, type Libc, requiredLibc } from './libc.ts';
import type { BoundPlace, ListenPlace } from './listener.ts';
import { AF_INET, AF_INET6, socketAddress } from './socket-address.ts';
import { streamSocket } from './stream-socket.ts';
import { clearUnixPath, keepUnixPath } from './unix-path.ts';

const AF_UNIX = 1;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_REUSEPORT = 15;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const ON = Buffer.from([1, 0, 0, 0]);
const OFF = Buffer.alloc(4);

interface Opened {
	readonly place: BoundPlace;
	/** One for each process, in part the same. */
	readonly descriptors: readonly number[];
}

/** The descriptors are closed by `close`. */
export interface SharedListeners extends Opened {
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
	if (at.kind === 'tcp') return shared(calls, await openEach(calls, at, count, backlog), () => {});
	const { place, descriptor } = await openListening(at, backlog);
	const release = at.kind === 'unix' ? keepUnixPath(at.path) : () => {};
	return shared(calls, { place, descriptors: Array(count).fill(descriptor) }, release);
}

/** One socket, for this process alone; the caller closes it, and keeps the file of a Unix socket. Rejects as above. */
export async function openListening(
	at: ListenPlace,
	backlog: number,
): Promise<{ readonly place: BoundPlace; readonly descriptor: number }> {
	const calls = requiredLibc();
	if (at.kind === 'descriptor') return { place: boundPlace(at.fd), descriptor: at.fd };
	if (at.kind === 'unix') {
		await clearUnixPath(at.path);
		const descriptor = streamSocket(calls, AF_UNIX);
		finish(calls, descriptor, unixAddress(at.path), backlog);
		return { place: at, descriptor };
	}
	const { place, descriptors } = await openEach(calls, at, 1, backlog);
	return { place, descriptor: descriptors[0] ?? -1 };
}

/** The first is bound without sharing: otherwise another program of this user could have the port already, unnoticed. */
async function openEach(
	calls: Libc,
	{ host: name, port }: { readonly host: string; readonly port: number },
	count: number,
	backlog: number,
): Promise<Opened> {
	const host = addressBytes(name) ?? addressBytes((await nodeDns().lookup(name)).address);
	// Of one network interface only, which has no name here: anything else would listen where nobody said.
	if (host === null) throw new KernelError('bind', constants.errno.EADDRNOTAVAIL);
	const sockets: number[] = [];
	let place: BoundPlace | null = null;
	try {
		for (let index = 0; index < count; index++) {
			const socket = openInternet(calls, host);
			sockets.push(socket);
			if (index > 0) calls.setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, ON, ON.length);
			const wanted = place?.kind === 'tcp' ? place.port : port;
			bind(calls, socket, socketAddress(host, wanted));
			if (index === 0 && count > 1) calls.setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, ON, ON.length);
			place ??= boundPlace(socket);
		}
		for (const socket of sockets) check(calls, 'listen', calls.listen(socket, backlog));
	} catch (error) {
		for (const socket of sockets) calls.close(socket);
		throw error;
	}
	if (place === null) throw new Error('somebody is to listen');
	return { place, descriptors: sockets };
}

function shared(calls: Libc, { place, descriptors }: Opened, release: () => void): SharedListeners {
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
	const socket = streamSocket(calls, host.length === 4 ? AF_INET : AF_INET6);
	calls.setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, ON, ON.length);
	// `::` is every address, those of IPv4 too.
	if (host.length !== 4) calls.setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, OFF, OFF.length);
	return socket;
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

/** struct sockaddr_un, as long as it has to be. */
function unixAddress(path: string): Buffer {
	const family = Buffer.alloc(2);
	family.writeUInt16LE(AF_UNIX);
	return Buffer.concat([family, cString(path)]);
}

function check(calls: Libc, call: string, outcome: number): number {
	if (outcome < 0) throw new KernelError(call, calls.lastErrorNumber());
	return outcome;
}
