/** The file of a Unix socket that we listen on: made way for, opened to the group, and removed. */
import fs from 'node:fs';
import { nodeNet } from './late-builtins.ts';
import type { ListenPlace } from './listener.ts';

/** Owner and group may connect. */
const MODE = 0o660;

/**
 * Removes a socket that nobody listens on any more. Rejects with EADDRINUSE where somebody does, with EEXIST where the path is that
 * of something else, and with the system's error where it can not be removed.
 */
export async function clearUnixPath(path: string): Promise<void> {
	const found = fs.lstatSync(path, { throwIfNoEntry: false });
	if (found === undefined) return;
	if (!found.isSocket()) throw failure('EEXIST', 'there is a file of another kind');
	if (await answers(path)) throw failure('EADDRINUSE', 'somebody listens there');
	fs.rmSync(path, { force: true });
}

/** Sets who may connect, and answers what removes the file, unless another has taken its place. */
export function keepUnixPath(path: string): () => void {
	fs.chmodSync(path, MODE);
	const { ino } = fs.statSync(path);
	return () => {
		if (fs.lstatSync(path, { throwIfNoEntry: false })?.ino === ino) fs.rmSync(path, { force: true });
	};
}

/** For whoever listens at a place: answers what makes it free again where it is a file of ours. */
export function keepPlace(at: ListenPlace): () => void {
	const file = at.kind === 'unix' ? at.path : at.kind === 'descriptor' ? at.file : undefined;
	return file === undefined ? () => {} : keepUnixPath(file);
}

function answers(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = nodeNet().connect({ path }, () => {
			socket.destroy();
			resolve(true);
		});
		// Refused: it is left over. Anything else may be somebody who is busy.
		socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'));
	});
}

function failure(code: string, message: string): Error {
	return Object.assign(new Error(message), { code });
}
