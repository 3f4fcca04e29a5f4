/** The bundle of an edge function as it can go anywhere: in the place where one that was written lies, and the same for the same sources. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { WRITTEN_BUNDLE, WRITTEN_FOLDER, WRITTEN_MARK } from '../contract/edge-program.ts';
import { bundleFolder } from './bundle-folder.ts';
import { openBundler } from './bundler-program.ts';
import { externalPackages } from './external-packages.ts';
import { usingTemporary } from './using-temporary.ts';

export interface PortableBundle {
	/** What goes into the code root, by its name there: a bootstrap, and the bundle that it stands for. */
	readonly files: ReadonlyMap<string, Buffer<ArrayBuffer>>;
	/** Names in the code root of what went into the bundle. */
	readonly inputs: ReadonlySet<string>;
	/** Packages that are not in it: they are looked for in node_modules. */
	readonly external: readonly string[];
	readonly warnings: string;
}

export interface PortableSource {
	/** Absolute path. */
	readonly codeRoot: string;
	/** Relative to it. */
	readonly entry: string;
	readonly external: readonly string[];
}

/** For machines on which httpfn is not what starts it: there httpfn has to be on the PATH. */
const BOOTSTRAP = `${WRITTEN_MARK}\nexec httpfn edge-host ${WRITTEN_BUNDLE}\n`;

/** Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
export async function portableBundle(source: PortableSource): Promise<PortableBundle> {
	const codeRoot = await realpath(source.codeRoot);
	const external = await externalPackages(codeRoot, source.external);
	const bundler = await openBundler();
	try {
		return await usingTemporary(async (temporary) => {
			const folder = path.join(await realpath(temporary), WRITTEN_FOLDER);
			const shownAt = path.join(codeRoot, WRITTEN_FOLDER);
			const made = await bundleFolder({ ...source, codeRoot, external, folder, shownAt, bundler });
			const files = new Map([['bootstrap', Buffer.from(BOOTSTRAP)]]);
			for (const name of (await readdir(folder)).sort()) {
				files.set(`${WRITTEN_FOLDER}/${name}`, await readFile(path.join(folder, name)));
			}
			const inputs = new Set(made.inputs.map((file) => path.relative(codeRoot, file)));
			return { files, inputs, external, warnings: made.warnings };
		});
	} finally {
		await bundler.close();
	}
}
