/** What is added to the folder of an edge function so that it runs where there is no httpfn. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { WRITTEN_FOLDER, WRITTEN_HOST, writtenBootstrap } from '../contract/edge-program.ts';
import { bundleFolder } from './bundle-folder.ts';
import type { EdgeSource } from './bundle-store.ts';
import { type BundlerProgram, openBundler } from './bundler-program.ts';
import { externalPackages } from './external-packages.ts';
import { nodeHostText } from './node-host-text.ts';
import { usingTemporary } from './using-temporary.ts';

export interface WrittenFiles {
	/** Content by name, relative to the code root; `bootstrap` is the last. */
	readonly files: ReadonlyMap<string, Buffer>;
	/** Packages that the function's own node_modules has to have when it runs. */
	readonly external: readonly string[];
	/** What esbuild warns of; empty for nothing. */
	readonly warnings: string;
}

/** Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
export async function writtenFiles(source: EdgeSource): Promise<WrittenFiles> {
	const bundler = await openBundler();
	try {
		return await usingTemporary((temporary) => makeFiles(source, bundler, temporary));
	} finally {
		await bundler.close();
	}
}

async function makeFiles(
	{ codeRoot, entry, external: named }: EdgeSource,
	bundler: BundlerProgram,
	temporary: string,
): Promise<WrittenFiles> {
	const external = await externalPackages(codeRoot, named);
	const folder = path.join(temporary, WRITTEN_FOLDER);
	const shownAt = path.join(codeRoot, WRITTEN_FOLDER);
	const { warnings } = await bundleFolder({ codeRoot, entry, external, folder, shownAt, bundler });
	const files = new Map<string, Buffer>();
	for (const name of (await readdir(folder)).sort()) {
		files.set(`${WRITTEN_FOLDER}/${name}`, await readFile(path.join(folder, name)));
	}
	files.set(WRITTEN_HOST, Buffer.from(await nodeHostText(bundler)));
	files.set('bootstrap', Buffer.from(writtenBootstrap()));
	return { files, external, warnings };
}
