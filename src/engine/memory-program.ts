/** A program in memory that can be started: no file system has to allow it, and nothing of it is left. */
import { closeSync, fchmodSync, writeSync } from 'node:fs';
import { cString, libc } from './libc.ts';

export interface MemoryProgram {
	/** Valid for children of this process, until it is closed. */
	readonly path: string;
	/** Call it once, when no start is to come. */
	close(): void;
}

const MFD_CLOEXEC = 1;
/** Said where the host wants it to be; kernels before 6.3 do not know it. */
const MFD_EXEC = 16;

/** Null where the system has no such files. Throws where there is no memory for it. */
export function memoryProgram(name: string, bytes: Uint8Array): MemoryProgram | null {
	const calls = process.platform === 'linux' && !('Deno' in globalThis) ? libc() : null;
	if (calls === null) return null;
	let fd = calls.memfd_create(cString(name), MFD_CLOEXEC | MFD_EXEC);
	if (fd < 0) fd = calls.memfd_create(cString(name), MFD_CLOEXEC);
	if (fd < 0) return null;
	try {
		for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at);
		fchmodSync(fd, 0o500);
	} catch (error) {
		closeSync(fd);
		throw error;
	}
	return { path: `/proc/${process.pid}/fd/${fd}`, close: () => closeSync(fd) };
}
