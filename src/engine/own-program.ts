/** How this program is started again: an executable, or the engine that runs the source. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { engineName } from './engine-name.ts';
import { ownPackage, PLAIN_WORD } from './packed-tail.ts';

export interface OwnProgram {
	/** Absolute path of the executable. */
	readonly command: string;
	/** What comes before the arguments. */
	readonly prefix: readonly string[];
	/** Absolute path of the folder that holds what the prefix names and all it imports; null for an executable. */
	readonly sources: string | null;
}

/** Put in by the build. */
declare const HTTPFN_BUILD: object | undefined;

/** An engine that says more on stderr than the program does is told not to. */
const ENGINE_FLAGS = {
	node: ['--disable-warning=ExperimentalWarning'],
	bun: [],
	deno: ['run', '--allow-all', '--no-check', '--quiet'],
};

let packed: boolean | undefined;

export function ownProgram(): OwnProgram {
	const command = process.execPath;
	if (typeof HTTPFN_BUILD !== 'undefined') {
		packed ??= ownPackage() !== null;
		return { command, prefix: packed ? [PLAIN_WORD] : [], sources: null };
	}
	const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
	const sources = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
	return { command, prefix: [...ENGINE_FLAGS[engineName().name], main], sources };
}
