/** What goes into a packed file, judged as what will run it judges it. */
import { Buffer } from 'node:buffer';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { CONFIG_FILE_NAME } from '../../config/config-file.ts';
import { packedConfig } from '../../config/packed-config.ts';
import { resolveServe } from '../../config/resolve-serve.ts';
import { resolveSettings } from '../../config/resolve-settings.ts';
import { findServeConfig } from '../../config/serve-config-path.ts';
import type { PackageInput, PackedSource } from '../../packed/write-package.ts';
import { functionSources } from './function-sources.ts';
import { PACKED_CONFIG_NAME } from './packed-config-name.ts';

export interface PackageWish {
	/** As typed; null: the functions of a config file. */
	readonly folder: string | null;
	readonly configPath: string | null;
	readonly workingFolder: string;
	/** Absolute. */
	readonly output: string;
}

export interface PackagePlan extends Pick<PackageInput, 'name' | 'kind' | 'functions' | 'sources'> {
	/** Of the bundler; empty for none. */
	readonly warnings: string;
}

/** Where an env file is put that does not lie in the folder. */
const MOVED_ENV_FILE = '.httpfn/env';

/** Rejects with a ConfigError, ERR_CODE_FOLDER_MISSING, ERR_BOOTSTRAP_* or ERR_EDGE_*. */
export async function planPackage(wish: PackageWish): Promise<PackagePlan> {
	return wish.folder === null ? planConfig(wish) : planFunction(wish.folder, wish);
}

/** Variables of the machine that packs are no part of what is packed. */
async function planFunction(
	folder: string,
	{ configPath, workingFolder, output }: PackageWish,
): Promise<PackagePlan> {
	const input = { folder, workingFolder, environment: {}, flags: new Map(), configPath, mistakes: [] };
	const { function: fn, configPath: config } = resolveSettings(input);
	const { name } = fn;
	const { sources, warnings } = await functionSources(fn.codeRoot, name);
	refuseWithin(fn.codeRoot, output);
	const functions = [{ name, folder: name }];
	const plan = { name, kind: 'function', functions, warnings } as const;
	const moved = config === null ? null : movedConfig(config, fn.codeRoot, name);
	if (moved === null) return { ...plan, sources };
	const leaves = (file: string): boolean => file === CONFIG_FILE_NAME;
	return { ...plan, sources: [...sources.map((source) => without(source, leaves)), ...moved] };
}

/** A config file, or an env file, that lies elsewhere comes along. Null where neither does. */
function movedConfig(file: string, codeRoot: string, name: string): readonly PackedSource[] | null {
	const text = readFileSync(file, 'utf8');
	const values = JSON.parse(text.replace(/^\uFEFF/, '')) as { envFile?: string };
	const { envFile } = values;
	const outside =
		envFile !== undefined &&
		!path.isAbsolute(envFile) &&
		path.resolve(path.dirname(file), envFile) !== path.resolve(codeRoot, envFile);
	const leadsOut = envFile?.split('/').includes('..') === true;
	if (!outside && !leadsOut && path.dirname(file) === codeRoot && path.basename(file) === CONFIG_FILE_NAME)
		return null;
	const config = (content: string): PackedSource => ({
		kind: 'file',
		name: `${name}/${CONFIG_FILE_NAME}`,
		content: Buffer.from(content),
	});
	if (envFile === undefined || (!outside && !leadsOut)) return [config(text)];
	const content = readFileSync(path.resolve(path.dirname(file), envFile));
	return [
		config(JSON.stringify({ ...values, envFile: MOVED_ENV_FILE }, null, '\t')),
		{ kind: 'file', name: `${name}/${MOVED_ENV_FILE}`, content },
	];
}

function without(source: PackedSource, leaves: (name: string) => boolean): PackedSource {
	if (source.kind === 'file') return source;
	return { ...source, leaves: (name) => leaves(name) || source.leaves?.(name) === true };
}

async function planConfig({ configPath, workingFolder, output }: PackageWish): Promise<PackagePlan> {
	const input = { workingFolder, environment: {}, flags: new Map(), configPath, mistakes: [] };
	// Every mistake in it is told as httpfn serve tells it.
	await resolveServe(input);
	const file = findServeConfig(input);
	if (file === null) throw new Error('resolveServe finds no file only where none is named');
	const { name, text, functions, folders, files } = await packedConfig(file, readFileSync(file.path, 'utf8'));
	for (const folder of folders.values()) refuseWithin(folder, output);
	const codes = await Promise.all([...folders].map(([at, folder]) => functionSources(folder, at)));
	const sources: PackedSource[] = [
		...codes.flatMap((code) => code.sources),
		...[...files].map(([at, path]) => ({ kind: 'file', name: at, content: readFileSync(path) }) as const),
		{ kind: 'file', name: PACKED_CONFIG_NAME, content: Buffer.from(text) },
	];
	const warnings = codes
		.map((code) => code.warnings)
		.join('\n')
		.trim();
	return { name, kind: 'config', functions: [...functions], sources, warnings };
}

/** Else each packing would pack the one before. Throws a ConfigError. */
export function refuseWithin(folder: string, output: string): void {
	const root = realpathSync(folder);
	let parent = path.dirname(output);
	try {
		parent = realpathSync(parent);
	} catch {
		// There is no such folder: writing says so.
	}
	if (parent !== root && !parent.startsWith(`${root}/`)) return;
	const problem = `found a file in ${JSON.stringify(folder)}, which is packed, wanted one elsewhere`;
	throw new ConfigError([valueMistake('-o', problem)]);
}
