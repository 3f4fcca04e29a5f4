/** esbuild as npm installed it, for a program that has httpfn as a library: that brings no executable. */
import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { RuntimeError } from '../contract/errors.ts';
import type { BundlerProgram } from './bundler-program.ts';

const PACKAGE = 'esbuild';

/**
 * That of the function, else that of the program: of its working folder, or where the library itself is installed. Rejects with
 * ERR_EDGE_BUNDLER. Closing it changes nothing.
 */
export async function installedBundler(codeRoot: string): Promise<BundlerProgram> {
	const folders = [codeRoot, process.cwd(), ownFolder()].filter((folder) => folder !== null);
	const file = `@esbuild/${process.platform}-${process.arch}/bin/esbuild`;
	for (const folder of folders) {
		const found = await findPackage(folder, PACKAGE);
		if (found === null) continue;
		const program = await findPackage(found, file);
		if (program !== null) return { path: program, close: async () => {} };
	}
	throw new RuntimeError(
		'ERR_EDGE_BUNDLER',
		`Could not bundle the edge function in ${codeRoot}: found no package esbuild with ${file} in node_modules of ${[...new Set(folders)].join(', ')} or above; wanted it installed there (npm install esbuild), or a bootstrap that httpfn bootstrap wrote`,
	);
}

/** Null where the library became a part of something that is no file. */
function ownFolder(): string | null {
	return import.meta.url?.startsWith('file:') ? path.dirname(fileURLToPath(import.meta.url)) : null;
}

/** As engines find what a module in this folder imports, but for what only they know; where it really is, or null. */
async function findPackage(folder: string, name: string): Promise<string | null> {
	let above = await realpath(folder).catch(() => path.resolve(folder));
	for (;;) {
		const candidate = path.join(above, 'node_modules', name);
		const isThere = await access(candidate, constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) return realpath(candidate);
		const parent = path.dirname(above);
		if (parent === above) return null;
		above = parent;
	}
}
