/** What a socket is told, and asked, by fcntl, setsockopt and getsockopt. Options that a kind of socket does not know are refused without a word. */
import { KEEP_ALIVE_MS } from './connection.ts';
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';

const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** Of recv(2) and send(2): nothing here waits, and a peer that is gone is an error, not a signal. */
export const RECEIVE_FLAGS = MSG_DONTWAIT;
export const SEND_FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_KEEPALIVE = 9;
const SO_LINGER = 13;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const TCP_KEEPIDLE = 4;

const ON = Buffer.from([1, 0, 0, 0]);
const KEEP_ALIVE_SECONDS = Buffer.from([KEEP_ALIVE_MS / 1000, 0, 0, 0]);
/** struct linger: on, for no time. */
const NO_LINGER = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

/** Every copy of it, whoever has one, answers at once from now on. */
export function dontBlock(calls: Libc, descriptor: number): void {
	const flags = calls.fcntl(descriptor, F_GETFL, 0);
	if (flags >= 0) calls.fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

/** What is written leaves at once. A listening socket hands it down to those it accepts. */
export function sendAtOnce(calls: Libc, descriptor: number): void {
	calls.setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, ON, ON.length);
}

/** A peer that is silent for KEEP_ALIVE_MS is asked whether it is still there. */
export function keepAlive(calls: Libc, descriptor: number): void {
	calls.setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, ON, ON.length);
	calls.setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS.length);
}

/** To close it will be to reset it. */
export function resetOnClose(calls: Libc, descriptor: number): void {
	calls.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, NO_LINGER, NO_LINGER.length);
}

/** What went wrong since it was last asked; null: nothing. `call` names what it was for. */
export function pendingError(calls: Libc, descriptor: number, call: string): KernelError | null {
	const value = Buffer.alloc(4);
	const length = Buffer.from([value.length, 0, 0, 0]);
	const asked = calls.getsockopt(descriptor, SOL_SOCKET, SO_ERROR, value, length) === 0;
	const error = asked ? value.readInt32LE() : calls.lastErrorNumber();
	return error === 0 ? null : new KernelError(call, error);
}
