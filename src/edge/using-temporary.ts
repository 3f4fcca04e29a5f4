import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';

/** Gives `use` a folder that goes when it has ended. Rejects as that does, with ERR_EDGE_BUNDLER for what the file system says. */
export async function usingTemporary<T>(use: (folder: string) => Promise<T>): Promise<T> {
	let folder: string | null = null;
	try {
		folder = await mkdtemp(path.join(os.tmpdir(), 'httpfn-bundle-'));
		return await use(folder);
	} catch (cause) {
		if (cause instanceof RuntimeError) throw cause;
		throw new RuntimeError('ERR_EDGE_BUNDLER', `Could not write a bundle in ${os.tmpdir()}: ${cause}`, {
			cause,
		});
	} finally {
		if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => {});
	}
}
