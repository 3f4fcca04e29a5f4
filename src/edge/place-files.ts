import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';

/** Writes them into the folder, in their order, each whole or not at all. Rejects with ERR_EDGE_BUNDLER. */
export async function placeFiles(files: ReadonlyMap<string, Buffer>, folder: string): Promise<void> {
	for (const [name, content] of files) {
		const file = path.join(folder, name);
		const temporary = `${file}.${process.pid}.new`;
		try {
			await mkdir(path.dirname(file), { recursive: true });
			await writeFile(temporary, content, { mode: 0o644 });
			await rename(temporary, file);
		} catch (cause) {
			throw new RuntimeError('ERR_EDGE_BUNDLER', `Could not write ${file}: ${cause}`, { cause });
		}
	}
}
