/** Connections to the function's port, 127.0.0.1:8000, of the network namespace that the calling thread is in. */
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

/** A socket that is not connected yet; the caller closes it. */
export function openSocket(calls: Libc): number {
	return streamSocket(calls, AF_INET);
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
	const info = Buffer.alloc(8);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(info.length);
	calls.getsockopt(socket, IPPROTO_TCP, TCP_INFO, info, length);
	return info[0];
}

/** Throws where nothing listens. */
export function connectInside(calls: Libc, port: number = LIMITS.functionPort): number {
	const socket = openSocket(calls);
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
