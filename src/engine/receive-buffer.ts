/**
 * What the kernel keeps of a connection until it is read. By itself it grows to megabytes, and Bun reads all that is there at once,
 * up to 512 KiB into one piece: with the buffer that it reads through, that is most of what a long body costs in memory.
 */
import { bun } from './bun-api.ts';
import { libc } from './libc.ts';

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;

/**
 * Limits it for the connections that this listening socket accepts from now on; the kernel takes twice `bytes`, for its own needs. On Bun
 * and Linux only: the others read in small pieces, or can not be told.
 */
export function limitReceiveBuffer(descriptor: number, bytes: number): void {
	const calls = bun === null ? null : libc();
	if (calls === null) return;
	const value = Buffer.alloc(4);
	value.writeUInt32LE(bytes);
	calls.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, value, value.length);
}
