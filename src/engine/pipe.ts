/**
 * Pipes, as descriptors. They exist because Node and Bun give a child process sockets for stdout and stderr. A program
 * cannot open those again by name: `echo error > /dev/stderr`, which shell scripts and server configurations do, fails
 * with ENXIO.
 */
import { closeSync, fchmodSync } from 'node:fs';
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import { nodeNet } from './late-builtins.ts';
import { libc } from './libc.ts';

/** Whoever gets them closes them. The read end does not block, the write end does. */
export interface Pipe {
	readonly readFd: number;
	readonly writeFd: number;
}

interface BunFiles {
	file(fd: number): { stream(): ReadableStream<Uint8Array> };
}

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const F_SETFL = 4;

const bunFiles = (globalThis as { Bun?: BunFiles }).Bun ?? null;

/** Null where the engine makes real pipes by itself (Deno), or where none can be made. */
export function openPipe(): Pipe | null {
	const calls = 'Deno' in globalThis ? null : libc();
	const descriptors = Buffer.alloc(8);
	if (calls === null || calls.pipe2(descriptors, O_CLOEXEC) !== 0) return null;
	const pipe = { readFd: descriptors.readInt32LE(0), writeFd: descriptors.readInt32LE(4) };
	calls.fcntl(pipe.readFd, F_SETFL, O_NONBLOCK);
	// Open to every user: a function may change its own, and then opens /dev/stderr by its new one.
	fchmodSync(pipe.writeFd, 0o666);
	return pipe;
}

/** Closes both ends; once only, for the numbers may be given to others. */
export function closePipe(pipe: Pipe): void {
	closeSync(pipe.readFd);
	closeSync(pipe.writeFd);
}

/** Bytes as they come, read no faster than they are taken. Destroying it closes its descriptor; twice is harmless. */
export interface ByteSource extends AsyncIterable<Buffer> {
	destroy(): void;
}

/** Takes over the read end, with backpressure and without blocking a thread. */
export function readPipe(fd: number): ByteSource {
	// Bun's net.Socket delivers nothing from a descriptor (1.4).
	if (bunFiles === null) return new (nodeNet().Socket)({ fd, readable: true, writable: false });
	return readBunPipe(bunFiles.file(fd).stream().getReader(), fd);
}

/** Bun leaves a descriptor that it was given open. */
function readBunPipe(reader: ReadableStreamDefaultReader<Uint8Array>, fd: number): ByteSource {
	let open = true;
	const close = () => {
		if (open) closeSync(fd);
		open = false;
	};
	return {
		async *[Symbol.asyncIterator]() {
			try {
				for (let read = await reader.read(); !read.done; read = await reader.read()) {
					yield Buffer.from(read.value.buffer, read.value.byteOffset, read.value.byteLength);
				}
			} finally {
				close();
			}
		},
		destroy() {
			reader.cancel().then(close, close);
		},
	};
}
