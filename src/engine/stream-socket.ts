import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** A stream socket of an address family that is neither bound nor connected, and does not block; the caller closes it. Throws a KernelError. */
export function streamSocket(calls: Libc, family: number): number {
	const socket = calls.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (socket < 0) throw new KernelError('socket', calls.lastErrorNumber());
	return socket;
}
