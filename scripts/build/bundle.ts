/** The one bundle that every executable is made of. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BuildOptions, build, stop } from 'esbuild';
import type { BuildConfig } from '../../build.config.ts';
import { ROOT } from '../repository.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import type { ProductBuild } from './product-build.ts';

export interface Bundle {
	readonly path: string;
	readonly sha256: string;
	/** Files that went into it, relative to the repository. */
	readonly inputs: readonly string[];
}

/**
 * Bundles `entry` into `path`, with the programs of its threads as text. Throws with esbuild's messages, warnings
 * included: a bundle has none.
 */
export async function bundle(
	config: BuildConfig,
	entry: string,
	product: ProductBuild,
	path: string,
): Promise<Bundle> {
	const definitions: Record<string, string> = { HTTPFN_BUILD: JSON.stringify(product) };
	const inputs = new Set<string>();
	for (const [name, source] of Object.entries(config.threads)) {
		// Engines run the text of a thread as a script.
		const thread = await bundleOne(config, source, { format: 'cjs', minify: true });
		definitions[name] = JSON.stringify(Buffer.from(thread.bytes).toString());
		for (const input of thread.inputs) inputs.add(input);
	}
	const { bytes, inputs: own } = await bundleOne(config, entry, {
		format: config.bundle.format,
		define: definitions,
	});
	for (const input of own) inputs.add(input);
	// esbuild runs beside this process, and would as long as `npm start` does.
	await stop();
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
	return { path, sha256: createHash('sha256').update(bytes).digest('hex'), inputs: [...inputs] };
}

async function bundleOne(
	config: BuildConfig,
	entry: string,
	options: BuildOptions,
): Promise<{ bytes: Uint8Array; inputs: string[] }> {
	const result = await build({
		absWorkingDir: ROOT,
		entryPoints: [entry],
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		target: config.bundle.target,
		external: [...config.bundle.external],
		alias: { ...config.bundle.alias },
		plugins: [lazyBuiltins(config.bundle.lazyBuiltins)],
		legalComments: 'none',
		charset: 'utf8',
		logLevel: 'silent',
		...options,
	});
	const [warning] = result.warnings;
	if (warning !== undefined) {
		throw new Error(`esbuild warns: ${warning.location?.file}:${warning.location?.line}: ${warning.text}`);
	}
	return {
		bytes: result.outputFiles?.[0]?.contents ?? new Uint8Array(),
		inputs: Object.keys(result.metafile?.inputs ?? {}),
	};
}
