/** Connections to the function's port, 127.0.0.1:8000, in the network of the thread that opened the socket. */
import { LIMITS } from '../contract/limits.ts';
import type { Libc } from '../engine/libc.ts';
import { streamSocket } from '../engine/stream-socket.ts';

const AF_INET = 2;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** States of a connection, which the first byte of TCP_INFO tells. One that was refused is closed again. */
const TCP_SYN_SENT = 2;
const TCP_CLOSE = 7;

const ADDRESS = functionAddress(LIMITS.functionPort);
const INFO = Buffer.alloc(8);
const INFO_LENGTH = Buffer.alloc(4);

/** A socket that is not connected yet, in the network that the calling thread is in; the caller closes it. */
export function openSocket(calls: Libc): number {
	return streamSocket(calls, AF_INET);
}

/** As many, or as there are descriptors for; throws where there is not even one. */
export function openSockets(calls: Libc, count: number): number[] {
	const sockets = [openSocket(calls)];
	try {
		while (sockets.length < count) sockets.push(openSocket(calls));
	} catch {
		// Whoever needs one more will be told.
	}
	return sockets;
}

/**
 * On loopback most is known at once: `refused`, and the socket may be tried again. `pending`: the backlog is full, or nobody listens and the
 * kernel still remembers a connection that had both these ports (TIME-WAIT), so that it does not refuse; only time tells.
 */
export function tryConnect(
	calls: Libc,
	socket: number,
	port: number = LIMITS.functionPort,
): 'connected' | 'pending' | 'refused' {
	const address = port === LIMITS.functionPort ? ADDRESS : functionAddress(port);
	// The refusal of one call is what the next one answers, without trying: a socket that is to be tried again has to have told it.
	for (let call = 0; call < 2; call += 1) {
		if (calls.connect(socket, address, address.length) === 0) return 'connected';
		const state = stateOf(calls, socket);
		if (state !== TCP_CLOSE) return state === TCP_SYN_SENT ? 'pending' : 'connected';
	}
	return 'refused';
}

function stateOf(calls: Libc, socket: number): number | undefined {
	INFO_LENGTH.writeUInt32LE(INFO.length);
	const known = calls.getsockopt(socket, IPPROTO_TCP, TCP_INFO, INFO, INFO_LENGTH) === 0;
	return known ? INFO[0] : undefined;
}

/** Answers the socket, connected or connecting. Closes it and throws where nothing listens. */
export function connected(calls: Libc, socket: number, port: number = LIMITS.functionPort): number {
	if (tryConnect(calls, socket, port) !== 'refused') return socket;
	calls.close(socket);
	throw Object.assign(new Error('nothing listens on the port of the function'), { code: 'ECONNREFUSED' });
}

/** struct sockaddr_in */
function functionAddress(port: number): Buffer {
	const address = Buffer.alloc(16);
	address.writeUInt16LE(AF_INET, 0);
	address.writeUInt16BE(port, 2);
	Buffer.from(LIMITS.functionHost.split('.').map(Number)).copy(address, 4);
	return address;
}
