/** Pipes for an instance's stdout and stderr, which a function may open again as /dev/stdout and /dev/stderr. */
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOutputIsSocket } from '../engine/pipe-reader.ts';
import { closePipe, type Pipe } from './pipe.ts';
import { makeFifos } from './spawn.ts';

/**
 * Answers null where the engine makes pipes by itself, or where none can be made (no mkfifo, a full disk): the function
 * then gets what the engine has, and only loses the two names.
 *
 * They are FIFOs whose names are gone before anyone else could use them.
 */
export async function openOutputPipes(): Promise<readonly [Pipe, Pipe] | null> {
	if (!childOutputIsSocket) return null;
	let folder: string | null = null;
	try {
		folder = await mkdtemp(join(tmpdir(), 'httpfn-'));
		const paths = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
		await makeFifos(paths);
		const stdout = openPipe(paths[0]);
		try {
			return [stdout, openPipe(paths[1])];
		} catch (error) {
			closePipe(stdout);
			throw error;
		}
	} catch {
		return null;
	} finally {
		if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => {});
	}
}

function openPipe(path: string): Pipe {
	// The reader comes first: without one, opening the write end would block.
	const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
	} catch (error) {
		closeSync(readFd);
		throw error;
	}
}
