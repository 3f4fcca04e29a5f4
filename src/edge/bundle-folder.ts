/** Makes one ES module of an edge function's entry and what that imports. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleHeader, EDGE_GLOBALS } from '../contract/edge-program.ts';
import { RuntimeError } from '../contract/errors.ts';
import { type Output, outputOf } from '../process/output-of.ts';
import { bundleArguments } from './bundle-arguments.ts';
import type { BundlerProgram } from './bundler-program.ts';

export interface BundleOptions {
	readonly codeRoot: string;
	/** Relative to it. */
	readonly entry: string;
	readonly external: readonly string[];
	/** Absolute path of a folder that is not there yet. */
	readonly folder: string;
	/** Where in the code root the folder will lie, relative to it; null: it stays where it is. */
	readonly shownAs: string | null;
	readonly bundler: BundlerProgram;
	/** For tests. */
	readonly timeoutMs?: number;
}

export interface Bundle {
	/** Hexadecimal SHA-256 of everything in the folder. */
	readonly digest: string;
	/** Absolute paths of the files that went into it. */
	readonly inputs: readonly string[];
	/** What esbuild warns of; empty for nothing. */
	readonly warnings: string;
}

const MODULE = 'index.mjs';
const MAP = `${MODULE}.map`;
/** Large projects take some seconds. A file that is a pipe would be waited for for ever. */
const BUNDLING_MS_MAX = 60_000;

/** Rejects with ERR_EDGE_BUILD in esbuild's words, ERR_EDGE_BUNDLER. */
export async function bundleFolder(options: BundleOptions): Promise<Bundle> {
	const { entry, external, shownAs, bundler, timeoutMs = BUNDLING_MS_MAX } = options;
	await mkdir(options.folder, { recursive: true });
	// esbuild tells its inputs by their own names, from the working directory's own name.
	const [codeRoot, folder] = await Promise.all([realpath(options.codeRoot), realpath(options.folder)]);
	const beside = `${folder}.making`;
	await mkdir(beside, { recursive: true, mode: 0o700 });
	try {
		const bunModule = path.join(beside, 'bun.cjs');
		await writeFile(bunModule, 'module.exports = globalThis.Bun;\n');
		const metafile = path.join(beside, 'inputs.json');
		const args = bundleArguments({ entry, external, folder, bunModule, metafile });
		const done = await outputOf({ command: bundler.path, args, cwd: codeRoot, environment: {} }, timeoutMs);
		if (done.code !== 0) throw refusal(entry, done, timeoutMs);
		const inputs = await inputsOf(metafile, codeRoot);
		const header = bundleHeader({ entry, globals: await globalsOf(inputs, bunModule) });
		await finish(folder, header, { codeRoot, shownAs, bunModule });
		await setRights(folder);
		const digest = await digestOf(folder);
		return { digest, inputs: inputs.filter((file) => file !== bunModule), warnings: done.stderr.trim() };
	} finally {
		await rm(beside, { recursive: true, force: true });
	}
}

/** A disk that is full is no mistake of the author's. */
function refusal(entry: string, done: Output, timeoutMs: number): RuntimeError {
	const { stderr, code, signal, isLate } = done;
	const ending = isLate ? `had not ended after ${timeoutMs / 1000} s` : `ended with ${signal ?? code}`;
	const said = stderr.trim() || `esbuild ${ending}`;
	const isAuthors = isLate || (code !== null && !stderr.includes('[ERROR] Failed to write to output file'));
	return new RuntimeError(
		isAuthors ? 'ERR_EDGE_BUILD' : 'ERR_EDGE_BUNDLER',
		`Could not bundle ${entry}: ${said}`,
	);
}

async function inputsOf(metafile: string, codeRoot: string): Promise<string[]> {
	const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as { readonly inputs: object };
	return Object.keys(inputs).map((file) => path.resolve(codeRoot, file));
}

/** Those that the author's own files name: a package that looks which engine it runs on is not to find another one. */
async function globalsOf(inputs: readonly string[], bunModule: string) {
	const own = inputs.filter(
		(file) => file !== bunModule && !file.includes(`${path.sep}node_modules${path.sep}`),
	);
	const texts = await Promise.all(own.map((file) => readFile(file, 'latin1')));
	const imported = inputs.includes(bunModule);
	return EDGE_GLOBALS.filter((name) => {
		const pattern = new RegExp(`\\b${name}\\s*(?:\\?\\.|[.[])`);
		return (name === 'Bun' && imported) || texts.some((text) => pattern.test(text));
	});
}

interface Names extends Pick<BundleOptions, 'codeRoot' | 'shownAs'> {
	readonly bunModule: string;
}

/** Puts the header in its place, and the author's own paths into the source map. */
async function finish(folder: string, header: string, names: Names): Promise<void> {
	const { codeRoot, shownAs, bunModule } = names;
	const file = path.join(folder, MODULE);
	// Where that lies is different each time.
	const text = (await readFile(file, 'utf8')).replaceAll(path.relative(codeRoot, bunModule), 'bun');
	const lines = text.split('\n');
	lines.splice(0, 2, header);
	await replaceFile(file, lines.join('\n'));
	const mapFile = path.join(folder, MAP);
	const map = JSON.parse(await readFile(mapFile, 'utf8')) as { sources: string[]; sourcesContent: null[] };
	map.sources = map.sources.map((source) => {
		const file = path.resolve(folder, source);
		if (file === bunModule) return 'bun';
		// What moves with its sources names them from where it lies; else they are named as the author finds them.
		return shownAs === null ? file : path.relative(path.join(codeRoot, shownAs), file);
	});
	// Bun takes no map without such a list.
	map.sourcesContent = map.sources.map(() => null);
	await replaceFile(mapFile, JSON.stringify(map));
}

async function replaceFile(file: string, text: string): Promise<void> {
	const temporary = `${file}.new`;
	await writeFile(temporary, text);
	await rename(temporary, file);
}

/** Whatever the umask is: in a place of its own a function is another user. */
async function setRights(folder: string): Promise<void> {
	await chmod(folder, 0o755);
	for (const name of await readdir(folder)) await chmod(path.join(folder, name), 0o644);
}

async function digestOf(folder: string): Promise<string> {
	const hash = createHash('sha256');
	for (const name of (await readdir(folder)).sort()) {
		hash.update(`${name}\0`).update(await readFile(path.join(folder, name)));
	}
	return hash.digest('hex');
}
