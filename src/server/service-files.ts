/** Writes and removes the files of a service. */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';
import type { ServiceFile } from './service-plan.ts';

export type FileState = 'missing' | 'same' | 'different';

/** What is there, below the root. Throws ERR_SERVICE_FAILED where it can not be read. */
export function stateOf(file: ServiceFile, root: string): FileState {
	try {
		return fs.readFileSync(path.join(root, file.path), 'utf8') === file.text ? 'same' : 'different';
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
		throw failed(`${path.join(root, file.path)} can not be read (${code ?? error})`);
	}
}

/** All of them, or none where one is there that differs and `force` is false. Answers the paths that were written. Throws ERR_SERVICE_FAILED. */
export function writeServiceFiles(
	files: readonly ServiceFile[],
	root: string,
	force: boolean,
): readonly string[] {
	const states = files.map((file) => ({ file, state: stateOf(file, root) }));
	const others = states
		.filter(({ state }) => state === 'different')
		.map(({ file }) => path.join(root, file.path));
	if (others.length > 0 && !force)
		throw failed(`found ${others.join(', ')} with another content, wanted --force to replace it`);
	const wanted = states.filter(({ state }) => state !== 'same').map(({ file }) => file);
	for (const file of wanted) write(path.join(root, file.path), file);
	return wanted.map((file) => path.join(root, file.path));
}

/** Answers the paths that were removed. Throws ERR_SERVICE_FAILED. */
export function removeServiceFiles(paths: readonly string[], root: string): readonly string[] {
	const removed: string[] = [];
	for (const one of paths) {
		const file = path.join(root, one);
		try {
			fs.unlinkSync(file);
			removed.push(file);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code !== 'ENOENT' && code !== 'ENOTDIR')
				throw failed(`${file} can not be removed (${code ?? error})`);
		}
	}
	return removed;
}

/** Moved into place: nobody ever reads half of it. */
function write(file: string, { text, mode }: ServiceFile): void {
	const draft = `${file}.${process.pid}`;
	try {
		fs.mkdirSync(path.dirname(file), { recursive: true });
		const fd = fs.openSync(draft, 'wx', mode);
		try {
			fs.writeFileSync(fd, text);
			fs.fchmodSync(fd, mode);
			fs.fsyncSync(fd);
		} finally {
			fs.closeSync(fd);
		}
		fs.renameSync(draft, file);
	} catch (error) {
		fs.rmSync(draft, { force: true });
		const { code } = error as NodeJS.ErrnoException;
		throw failed(`${file} can not be written (${code ?? error}), wanted root, --root or --user-unit`);
	}
}

function failed(problem: string): RuntimeError {
	return new RuntimeError('ERR_SERVICE_FAILED', `The service could not be set up: ${problem}`);
}
