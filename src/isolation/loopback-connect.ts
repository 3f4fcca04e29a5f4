/** Connections to the function's port, 127.0.0.1:8000, of the network namespace that the calling thread is in. */
import { LIMITS } from '../contract/limits.ts';
import { KernelError } from '../engine/kernel-error.ts';
import type { Kernel } from './kernel.ts';

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** The first byte of TCP_INFO: a socket whose connection was refused is closed again. */
const TCP_CLOSE = 7;

const ADDRESS = functionAddress(LIMITS.functionPort);

/** A socket that is not connected yet; the caller closes it. */
export function openSocket(kernel: Kernel): number {
	const socket = kernel.libc.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (socket < 0) throw new KernelError('socket', kernel.libc.lastErrorNumber());
	return socket;
}

/**
 * True: it is connected, or about to be (the function's backlog is full). False: refused, and the socket may be tried
 * again. On loopback either is known at once.
 */
export function tryConnect(kernel: Kernel, socket: number, address: Buffer = ADDRESS): boolean {
	if (kernel.libc.connect(socket, address, address.length) === 0) return true;
	const info = Buffer.alloc(8);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(info.length);
	kernel.libc.getsockopt(socket, IPPROTO_TCP, TCP_INFO, info, length);
	return info[0] !== TCP_CLOSE;
}

/** Throws where nothing listens. */
export function connectInside(kernel: Kernel, port: number = LIMITS.functionPort): number {
	const socket = openSocket(kernel);
	if (tryConnect(kernel, socket, port === LIMITS.functionPort ? ADDRESS : functionAddress(port)))
		return socket;
	kernel.libc.close(socket);
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
