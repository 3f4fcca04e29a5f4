/** esbuild's own executable, as it can be started: of this machine, in the version that httpfn was built with. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RuntimeError } from '../contract/errors.ts';
import { embeddedFile } from '../engine/embedded-file.ts';
import { memoryProgram } from '../engine/memory-program.ts';

/** Also the name of the embedded file. */
const NAME = 'esbuild';

export interface BundlerProgram {
	readonly path: string;
	/** Nothing of it is left then. Call it once. */
	close(): Promise<void>;
}

/** Rejects with ERR_EDGE_BUNDLER. */
export async function openBundler(): Promise<BundlerProgram> {
	try {
		const packed = await embeddedFile(NAME);
		if (packed === null) return ofPackage();
		return await opened(await promisify(gunzip)(packed));
	} catch (cause) {
		throw new RuntimeError('ERR_EDGE_BUNDLER', `Could not start the bundler: ${cause}`, { cause });
	}
}

async function opened(bytes: Uint8Array): Promise<BundlerProgram> {
	const inMemory = memoryProgram(NAME, bytes);
	if (inMemory !== null) return { path: inMemory.path, close: async () => inMemory.close() };
	const folder = await mkdtemp(path.join(os.tmpdir(), 'httpfn-bundler-'));
	const file = path.join(folder, NAME);
	await writeFile(file, bytes, { mode: 0o500 });
	return { path: file, close: () => rm(folder, { recursive: true, force: true }) };
}

/** A run from source has it among its packages. */
function ofPackage(): BundlerProgram {
	const file = `../../node_modules/@esbuild/${process.platform}-${process.arch}/bin/${NAME}`;
	return { path: fileURLToPath(new URL(file, import.meta.url)), close: async () => {} };
}
