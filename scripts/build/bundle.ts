/** The bundle that every executable is made of: as one file, and as an entry with chunks that are read when they are imported. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, stop } from 'esbuild';
import type { BuildConfig, Engine } from '../../build.config.ts';
import { readTemplate } from '../../src/template/read-template.ts';
import { TEMPLATES } from '../../src/template/templates.ts';
import { ROOT } from '../repository.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import type { ProductBuild } from './product-build.ts';

export interface Bundle {
	/**
	 * What each engine's compiler takes. Bun reads at every start what it embeds as one module, needed or not: it gets chunks. Node.js
	 * runs one file.
	 */
	readonly entries: Readonly<Record<Engine, string>>;
	readonly sha256: string;
	/** Files that went into it, relative to the repository. */
	readonly inputs: readonly string[];
}

interface Output {
	readonly path: string;
	readonly bytes: Uint8Array;
}

/**
 * Bundles `entry` into `folder`, which is emptied, with the programs of its threads and the templates as text. Throws with esbuild's messages, warnings
 * included: a bundle has none.
 */
export async function bundle(
	config: BuildConfig,
	entry: string,
	product: ProductBuild,
	folder: string,
): Promise<Bundle> {
	const inputs = new Set<string>();
	const define = await definitions(config, product, inputs);
	define.HTTPFN_TEMPLATES = JSON.stringify(await templateTexts());
	const { format } = config.bundle;
	const whole = join(folder, 'whole');
	const split = join(folder, 'split');
	const outputs = [
		...(await run(config, entry, { format, define, outdir: whole }, inputs)),
		...(await run(config, entry, { format, define, outdir: split, splitting: true }, inputs)),
	];
	// esbuild runs beside this process, and would as long as `npm start` does.
	await stop();
	rmSync(folder, { recursive: true, force: true });
	const hash = createHash('sha256');
	for (const parent of [whole, split]) mkdirSync(parent, { recursive: true });
	for (const { path, bytes } of outputs) {
		writeFileSync(path, bytes);
		hash.update(basename(path)).update(bytes);
	}
	const main = basename(entry).replace(/\.ts$/, EXTENSION);
	const entries = { node: join(whole, main), bun: join(split, main) };
	return { entries, sha256: hash.digest('hex'), inputs: [...inputs] };
}

/** Tells an executable of httpfn from others: src/packed/runtime-file.ts searches for it. */
function runtimeMark({ version, commit }: ProductBuild): string {
	return `<httpfn-runtime ${version} ${commit}>`;
}

export interface LibraryBundle {
	readonly module: Uint8Array;
	/** What runs edge functions. */
	readonly host: Uint8Array;
	/** npm packages that went into it, by name. */
	readonly packages: readonly string[];
}

/** Bundles the library as one module, and its other program, which will lie beside it as `hostName`, for every engine, to be read by people too. */
export async function bundleLibrary(
	config: BuildConfig,
	product: ProductBuild,
	hostName: string,
): Promise<LibraryBundle> {
	const inputs = new Set<string>();
	const define = await definitions(config, product, inputs);
	define.HTTPFN_EDGE_HOST = JSON.stringify(`./${hostName}`);
	const { format } = config.bundle;
	const { entry, host, target } = config.library;
	const options = { format, define, target, outdir: ROOT };
	const [output] = await run(config, entry, options, inputs);
	const [hostOutput] = await run(config, host, options, inputs);
	await stop();
	if (output === undefined || hostOutput === undefined)
		throw new Error('esbuild made nothing of the library');
	const found = [...inputs].map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
	const packages = [...new Set(found.filter((name) => name !== undefined))].sort();
	return { module: output.bytes, host: hostOutput.bytes, packages };
}

/** What stands for names in the source: the version, and the programs of threads as text. */
async function definitions(
	config: BuildConfig,
	product: ProductBuild,
	inputs: Set<string>,
): Promise<Record<string, string>> {
	const define: Record<string, string> = {
		HTTPFN_BUILD: JSON.stringify({ ...product, mark: runtimeMark(product) }),
		HTTPFN_EDGE_HOST: 'undefined',
	};
	for (const [name, source] of Object.entries(config.threads)) {
		// Engines run the text of a thread as a script.
		const thread = await run(config, source, { format: 'cjs', minify: true }, inputs);
		define[name] = JSON.stringify(textOf(thread));
	}
	// Older than ours, it knows no way to load a built-in module late.
	const older: BuildOptions = { format: 'esm', minify: true, target: 'node20', plugins: [] };
	const host = await run(config, config.nodeHost.source, older, inputs);
	define[config.nodeHost.name] = JSON.stringify(textOf(host));
	return define;
}

function textOf(outputs: readonly Output[]): string {
	return outputs.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
}

const EXTENSION = '.mjs';

/** Of every template of `httpfn init`, as JSON: its name, and the text of each file by name. */
async function templateTexts(): Promise<string> {
	const examples = join(ROOT, 'examples');
	const texts = TEMPLATES.map(async (template) => [template.name, await readTemplate(examples, template)]);
	return JSON.stringify(Object.fromEntries(await Promise.all(texts)));
}

/** Adds what it read to `inputs`. */
async function run(
	config: BuildConfig,
	entry: string,
	options: BuildOptions,
	inputs: Set<string>,
): Promise<readonly Output[]> {
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
		outExtension: { '.js': EXTENSION },
		legalComments: 'none',
		charset: 'utf8',
		logLevel: 'silent',
		...options,
	});
	const [warning] = result.warnings;
	if (warning !== undefined) {
		throw new Error(`esbuild warns: ${warning.location?.file}:${warning.location?.line}: ${warning.text}`);
	}
	for (const input of Object.keys(result.metafile?.inputs ?? {})) inputs.add(input);
	return (result.outputFiles ?? []).map(({ path, contents }) => ({ path, bytes: contents }));
}
