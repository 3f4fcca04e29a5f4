/** Two Unix sockets that are joined: one end for this process, the other for a child of it. */
import { libc } from './libc.ts';

const AF_UNIX = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const TYPES = { stream: 1, packets: 5 } as const;

/** Descriptors that do not block, and are the caller's to close. Throws where the engine or the system gives none. */
export function socketPair(type: keyof typeof TYPES): readonly [number, number] {
	const descriptors = Buffer.alloc(8);
	const flags = TYPES[type] | SOCK_NONBLOCK | SOCK_CLOEXEC;
	if (libc()?.socketpair(AF_UNIX, flags, 0, descriptors) !== 0) throw new Error('socketpair was refused');
	return [descriptors.readInt32LE(0), descriptors.readInt32LE(4)];
}
