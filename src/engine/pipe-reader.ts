/**
 * Reading the read end of a pipe (a FIFO) by its descriptor, with backpressure and without blocking a thread.
 *
 * It exists because Node and Bun give a child process sockets for stdout and stderr. A program cannot open those again
 * by name: `echo error > /dev/stderr`, which shell scripts and server configurations do, fails with ENXIO.
 */
import net from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

interface BunFiles {
	file(fd: number): { stream(): ReadableStream<Uint8Array> };
}

const bunFiles = (globalThis as { Bun?: BunFiles }).Bun ?? null;

/** Whether this engine gives a child sockets where it asks for pipes. Deno gives it pipes. */
export const childOutputIsSocket: boolean = process.platform !== 'win32' && !('Deno' in globalThis);

/** Takes over the descriptor, which was opened with O_NONBLOCK; destroying the stream closes it. */
export function readPipe(fd: number): Readable {
	// Bun's net.Socket delivers nothing from a descriptor (1.4).
	if (bunFiles !== null) return Readable.fromWeb(bunFiles.file(fd).stream());
	return new net.Socket({ fd, readable: true, writable: false });
}
