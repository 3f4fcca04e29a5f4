/** The folder of the function that the benchmark calls: a bootstrap that stamps the time and becomes the reference server. */
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shellQuoted } from '../base/shell-quoted.ts';
import type { Program } from './program.ts';

/** The command that is the server; the variable that the bootstrap hands it the time in, seconds since 1970 with a fraction. */
export const REFERENCE_COMMAND = 'bench-function';
export const BEGAN_VARIABLE = 'HTTPFN_BENCH_BEGAN';

/**
 * Makes `folder` a function. An instance in namespaces sees nothing but its own folder of what a user keeps in /tmp, say: the
 * executable goes into it, as a link where the file system allows.
 */
export function writeBenchFolder(folder: string, { command, prefix }: Program): void {
	mkdirSync(folder, { recursive: true });
	const own = prefix.length === 0;
	if (own) place(command, path.join(folder, 'server'));
	const words = own ? ['"$RUNTIME_CODE_ROOT/server"'] : [command, ...prefix].map(shellQuoted);
	writeFileSync(path.join(folder, 'bootstrap'), bootstrapText(words));
}

/** The same for a package that is deployed and runs in direct isolation: the executable stays where it is. */
export function deployedBootstrap({ command, prefix }: Program): string {
	return bootstrapText([command, ...prefix].map(shellQuoted));
}

function bootstrapText(words: readonly string[]): string {
	return `${BEGAN_VARIABLE}=$EPOCHREALTIME exec ${words.join(' ')} ${REFERENCE_COMMAND} --port 8000\n`;
}

function place(from: string, to: string): void {
	try {
		linkSync(from, to);
	} catch {
		copyFileSync(from, to);
	}
}
