/** Memory that several processes have in common: a file without a name, which whoever gets its descriptor maps too. */
import { fstatSync, ftruncateSync } from 'node:fs';
import { cString, requiredLibc } from './libc.ts';

const MFD_CLOEXEC = 1;

export interface SharedMemory {
	/** To be handed on; kept open. */
	readonly descriptor: number;
	/** All zeros at first. It stays mapped until the process ends. */
	readonly bytes: ArrayBuffer;
}

/** Throws where the engine or the system gives none. */
export function makeSharedMemory(bytes: number): SharedMemory {
	const calls = requiredLibc();
	const descriptor = calls.memfd_create(cString('httpfn'), MFD_CLOEXEC);
	if (descriptor < 0) throw new Error('memfd_create was refused');
	ftruncateSync(descriptor, bytes);
	return { descriptor, bytes: calls.map(descriptor, bytes, 0) };
}

/** Of a descriptor that another process has handed over. */
export function openSharedMemory(descriptor: number): SharedMemory {
	return { descriptor, bytes: requiredLibc().map(descriptor, fstatSync(descriptor).size, 0) };
}
