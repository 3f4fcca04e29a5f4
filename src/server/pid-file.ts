/** The file that says which process serves. */
import fs from 'node:fs';
import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';

/** Writes it anew and moves it into place. Throws ERR_CONFIG_INVALID where it can not be written. Answers what removes it. */
export function writePidFile(file: string): () => void {
	const draft = `${file}.${process.pid}`;
	try {
		fs.writeFileSync(draft, `${process.pid}\n`, { mode: 0o644 });
		fs.renameSync(draft, file);
	} catch (error) {
		fs.rmSync(draft, { force: true });
		const { code } = error as NodeJS.ErrnoException;
		const message = `pidFile: found ${file}, which can not be written (${code ?? error}), wanted a folder that this user may write to`;
		throw new RuntimeError('ERR_CONFIG_INVALID', message, { cause: error });
	}
	return () => remove(file);
}

/** Unless another process has taken over. */
function remove(file: string): void {
	try {
		if (fs.readFileSync(file, 'latin1').trim() === `${process.pid}`) fs.unlinkSync(file);
	} catch {
		// Somebody else removed it: that is what was wanted.
	}
}
