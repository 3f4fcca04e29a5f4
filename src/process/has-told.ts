/** Waits for the first word of a process that was started ahead, on a pipe of ours. */
import { readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Libc } from '../engine/libc.ts';

const POLLIN = 1;
const READY_STEP_MS = 1;
/** Whoever tells that it waits says no more until it is told itself. */
const TOLD_BYTES_MAX = 64;

/**
 * Whether whoever holds the other end has said that it waits; false when it never will. Asked again and again, for the engine's way
 * of waiting for a pipe may start a thread: one of the namespace thread would be born in the namespaces that this stands in, and then
 * serve the main thread.
 */
export async function hasTold(calls: Pick<Libc, 'poll'>, fd: number): Promise<boolean> {
	const request = Buffer.alloc(8);
	request.writeInt32LE(fd, 0);
	request.writeInt16LE(POLLIN, 4);
	while (calls.poll(request, 1, 0) === 0) await delay(READY_STEP_MS);
	return readSync(fd, Buffer.alloc(TOLD_BYTES_MAX), 0, TOLD_BYTES_MAX, null) > 0;
}
