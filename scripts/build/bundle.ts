/** The one bundle that every executable is made of. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build, stop } from 'esbuild';
import type { BuildConfig } from '../../build.config.ts';
import { ROOT } from '../repository.ts';
import type { ProductBuild } from './product-build.ts';

export interface Bundle {
	readonly path: string;
	readonly sha256: string;
	/** Files that went into it, relative to the repository. */
	readonly inputs: readonly string[];
}

/** Bundles `entry` into `path`. Throws with esbuild's messages, warnings included: a bundle has none. */
export async function bundle(
	config: BuildConfig,
	entry: string,
	product: ProductBuild,
	path: string,
): Promise<Bundle> {
	const result = await build({
		absWorkingDir: ROOT,
		entryPoints: [entry],
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		format: config.bundle.format,
		target: config.bundle.target,
		external: [...config.bundle.external],
		define: { HTTPFN_BUILD: JSON.stringify(product) },
		legalComments: 'none',
		charset: 'utf8',
		logLevel: 'silent',
	});
	// esbuild runs beside this process, and would as long as `npm start` does.
	await stop();
	const [warning] = result.warnings;
	if (warning !== undefined) {
		throw new Error(`esbuild warns: ${warning.location?.file}:${warning.location?.line}: ${warning.text}`);
	}
	const bytes = result.outputFiles[0]?.contents ?? new Uint8Array();
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
	return {
		path,
		sha256: createHash('sha256').update(bytes).digest('hex'),
		inputs: Object.keys(result.metafile.inputs),
	};
}
