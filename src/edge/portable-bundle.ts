/** The bundle of an edge function as it can go anywhere: in the place where one that was written lies, and the same for the same sources. */
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WRITTEN_BUNDLE, WRITTEN_MARK } from '../contract/edge-program.ts';
import { bundleFolder } from './bundle-folder.ts';
import { openBundler } from './bundler-program.ts';
import { externalPackages } from './external-packages.ts';

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
	const parent = await realpath(await mkdtemp(path.join(os.tmpdir(), 'httpfn-pack-')));
	try {
		const bundler = await openBundler();
		try {
			const external = await externalPackages(codeRoot, source.external);
			const folder = path.join(parent, 'bundle');
			const made = await bundleFolder({ ...source, codeRoot, external, folder, shownAt: null, bundler });
			const inputs = made.inputs.map((file) => path.relative(codeRoot, file));
			return {
				files: await readBundle(folder, codeRoot),
				inputs: new Set(inputs),
				external,
				warnings: made.warnings,
			};
		} finally {
			await bundler.close();
		}
	} finally {
		await rm(parent, { recursive: true, force: true });
	}
}

async function readBundle(folder: string, codeRoot: string): Promise<Map<string, Buffer<ArrayBuffer>>> {
	const within = path.dirname(WRITTEN_BUNDLE);
	const files = new Map<string, Buffer<ArrayBuffer>>([['bootstrap', Buffer.from(BOOTSTRAP)]]);
	for (const name of (await readdir(folder)).sort()) {
		const bytes = await readFile(path.join(folder, name));
		files.set(`${within}/${name}`, moved(name, bytes, folder, codeRoot));
	}
	return files;
}

/** Text names sources by their way from where it was made. */
function moved(
	name: string,
	bytes: Buffer<ArrayBuffer>,
	folder: string,
	codeRoot: string,
): Buffer<ArrayBuffer> {
	const within = path.dirname(WRITTEN_BUNDLE);
	if (name.endsWith('.mjs')) {
		const [from, to] = [path.relative(codeRoot, folder), within];
		return Buffer.from(bytes.toString('utf8').replaceAll(from, to));
	}
	if (!name.endsWith('.map')) return bytes;
	const map = JSON.parse(bytes.toString('utf8')) as { sources: string[] };
	map.sources = map.sources.map((source) => {
		const file = path.resolve(folder, source);
		const place = file.startsWith(folder) ? path.join(codeRoot, within, path.relative(folder, file)) : file;
		return path.relative(path.join(codeRoot, within), place);
	});
	return Buffer.from(JSON.stringify(map));
}
