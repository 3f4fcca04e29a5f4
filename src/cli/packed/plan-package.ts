/** What goes into a packed file, judged as what will run it judges it. */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { CONFIG_FILE_NAME } from '../../config/config-file.ts';
import { resolveSettings } from '../../config/resolve-settings.ts';
import type { PackageInput, PackedSource } from '../../packed/write-package.ts';
import { checkCodeFolder } from '../../process/code-folder.ts';

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
	if (wish.folder === null) throw new Error('not yet');
	return planFunction(wish.folder, wish);
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
