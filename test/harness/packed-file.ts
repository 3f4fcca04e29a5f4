/** Files that the executable under test packs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { runBinary } from './binary.ts';
import { type FunctionFolder, functionFolder } from './function-folder.ts';

/** A folder with the packed file, where it unpacks to, and what belongs to both. */
export interface Packed extends AsyncDisposable {
	readonly file: string;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
}

export async function packed(source: string, argv: readonly string[] = []): Promise<Packed> {
	const folder: FunctionFolder = await functionFolder({});
	const file = join(folder.path, 'appliance');
	const { code, stderr } = await runBinary(['pack', source, '-o', file, ...argv], { cwd: folder.path });
	assert.is(code, 0, stderr);
	return inside(folder, file);
}

/** The same file, with folders of its own to unpack to. */
export async function inside(folder: FunctionFolder, file: string): Promise<Packed> {
	await mkdir(join(folder.path, 'cache'));
	const environment = { XDG_CACHE_HOME: join(folder.path, 'cache'), HTTPFN_LISTEN: '127.0.0.1:0' };
	return {
		file,
		folder: folder.path,
		environment,
		[Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
	};
}
