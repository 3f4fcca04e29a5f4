/** The bundle of an edge function as files of its code root, the same for the same sources wherever that lies. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { WRITTEN_FOLDER } from '../contract/edge-program.ts';
import { bundleFolder } from './bundle-folder.ts';
import type { EdgeSource } from './bundle-store.ts';
import type { BundlerProgram } from './bundler-program.ts';
import { externalPackages } from './external-packages.ts';
import { usingTemporary } from './using-temporary.ts';

export interface CodeBundle {
	/** Content by name, relative to the code root. */
	readonly files: ReadonlyMap<string, Buffer<ArrayBuffer>>;
	/** Absolute paths of the files that went into it. */
	readonly inputs: readonly string[];
	/** Packages that are not in it: they are looked for in node_modules when the function runs. */
	readonly external: readonly string[];
	/** What esbuild warns of; empty for nothing. */
	readonly warnings: string;
}

/** Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
export function codeBundle(
	{ codeRoot, entry, external: named }: EdgeSource,
	bundler: BundlerProgram,
): Promise<CodeBundle> {
	return usingTemporary(async (temporary) => {
		const external = await externalPackages(codeRoot, named);
		const folder = path.join(temporary, WRITTEN_FOLDER);
		const { inputs, warnings } = await bundleFolder({
			...{ codeRoot, entry, external, folder, bundler },
			shownAs: WRITTEN_FOLDER,
		});
		const files = new Map<string, Buffer<ArrayBuffer>>();
		for (const name of (await readdir(folder)).sort()) {
			files.set(`${WRITTEN_FOLDER}/${name}`, await readFile(path.join(folder, name)));
		}
		return { files, inputs, external, warnings };
	});
}
