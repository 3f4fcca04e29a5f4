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
import { checkCodeFolder } from '../../process/code-folder.ts';
import { PACKED_CONFIG_NAME } from './packed-config-name.ts';

export interface PackageWish {
	/** As typed; null: the functions of a config file. */
	readonly folder: string | null;
	readonly configPath: string | null;
	readonly workingFolder: string;
	/** Absolute. */
	readonly output: string;
}

export type PackagePlan = Pick<PackageInput, 'name' | 'kind' | 'functions' | 'sources'>;

/** Rejects with a ConfigError, ERR_CODE_FOLDER_MISSING or ERR_BOOTSTRAP_*. */
export async function planPackage(wish: PackageWish): Promise<PackagePlan> {
	return wish.folder === null ? planConfig(wish) : planFunction(wish.folder, wish);
}

/** Variables of the machine that packs are no part of what is packed. */
async function planFunction(
	folder: string,
	{ configPath, workingFolder, output }: PackageWish,
): Promise<PackagePlan> {
	const input = { folder, workingFolder, environment: {}, flags: new Map(), configPath, mistakes: [] };
	const { function: fn } = resolveSettings(input);
	await checkCodeFolder(fn.codeRoot);
	refuseWithin(fn.codeRoot, output);
	const { name } = fn;
	const code: PackedSource = { kind: 'folder', folder: fn.codeRoot, name };
	const functions = [{ name, folder: name }];
	if (configPath === null) return { name, kind: 'function', functions, sources: [code] };
	const config = readFileSync(path.resolve(workingFolder, configPath));
	const named = { kind: 'file', name: `${name}/${CONFIG_FILE_NAME}`, content: config } as const;
	const left = [CONFIG_FILE_NAME];
	return { name, kind: 'function', functions, sources: [{ ...code, left }, named] };
}

async function planConfig({ configPath, workingFolder, output }: PackageWish): Promise<PackagePlan> {
	const input = { workingFolder, environment: {}, flags: new Map(), configPath, mistakes: [] };
	// Every mistake in it is told as httpfn serve tells it.
	await resolveServe(input);
	const file = findServeConfig(input);
	if (file === null) throw new Error('resolveServe finds no file only where none is named');
	const { name, text, functions, folders, files } = await packedConfig(file, readFileSync(file.path, 'utf8'));
	for (const folder of folders.values()) refuseWithin(folder, output);
	const sources: PackedSource[] = [
		...[...folders].map(([at, folder]) => ({ kind: 'folder', folder, name: at }) as const),
		...[...files].map(([at, path]) => ({ kind: 'file', name: at, content: readFileSync(path) }) as const),
		{ kind: 'file', name: PACKED_CONFIG_NAME, content: Buffer.from(text) },
	];
	const packed = functions.map((one) => ({ name: one, folder: `functions/${one}` }));
	return { name, kind: 'config', functions: packed, sources };
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
