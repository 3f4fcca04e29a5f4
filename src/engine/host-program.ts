/** How the process of an edge function is started: by this program, or by the engine of the program that has the npm package. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { EDGE_HOST_WORD } from './edge-host-word.ts';
import { engineName } from './engine-name.ts';
import { isStandalone } from './is-standalone.ts';
import { type OwnProgram, ownProgram } from './own-program.ts';

export interface HostProgram extends OwnProgram {
	/** Absolute path of a file that the prefix names, and that imports nothing but what the engine has; null: there is none. */
	readonly module: string | null;
}

/** Put in by the build of the npm package: a file beside its module, by its name. The executables have none, and nothing of what is for it. */
declare const HTTPFN_EDGE_HOST: string | undefined;

/** What the executables are built with, by words: neither files of the function's folder nor a registry have a say in how its engine runs. */
const FLAGS = {
	node: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'],
	bun: ['--config=/dev/null', '--env-file=/dev/null', '--no-install'],
	deno: [
		'run',
		'--allow-all',
		'--no-check',
		'--quiet',
		'--no-config',
		'--no-lock',
		'--cached-only',
		'--node-modules-dir=manual',
	],
};

export function hostProgram(): HostProgram {
	if (typeof HTTPFN_EDGE_HOST === 'undefined') {
		const { prefix, ...own } = ownProgram();
		return { ...own, prefix: [...prefix, EDGE_HOST_WORD], module: null };
	}
	const module = hostModule(HTTPFN_EDGE_HOST);
	const prefix = [...FLAGS[engineName().name], ...(module === null ? [] : [module])];
	return { command: process.execPath, prefix, sources: null, module };
}

/** Why the process of an edge function can not be started; null: it can. */
export function hostFault(): string | null {
	if (typeof HTTPFN_EDGE_HOST === 'undefined') return null;
	if (isStandalone()) return `${process.execPath} is this program and its engine in one`;
	if (hostModule(HTTPFN_EDGE_HOST) !== null) return null;
	return `${HTTPFN_EDGE_HOST} of the package does not lie beside the module that is running`;
}

/** Null where a bundler made the library a part of another file. */
function hostModule(name: string): string | null {
	try {
		const file = fileURLToPath(new URL(name, import.meta.url));
		return existsSync(file) ? file : null;
	} catch {
		return null;
	}
}
