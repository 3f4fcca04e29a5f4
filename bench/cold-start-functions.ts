/** The functions of the cold start benchmark, made from the examples, and the program that starts them bare. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ColdFunction } from './cold-start-options.ts';

const EXAMPLES = join(import.meta.dirname, '../examples');
const FOLDERS = { 'sh-go': 'go', node: 'node-http', python: 'python-http' } as const satisfies Record<
	ColdFunction,
	string
>;

/** @returns absolute path of a copy in `folder`, built where the example is built */
export function writeColdFunction(name: ColdFunction, folder: string): string {
	const path = join(folder, name);
	mkdirSync(path, { recursive: true });
	cpSync(join(EXAMPLES, FOLDERS[name]), path, { recursive: true });
	if (name === 'sh-go') run('bash', ['build'], path);
	return path;
}

/** @returns absolute path of the program */
export function buildBare(folder: string): string {
	const path = join(folder, 'bare');
	run('go', ['build', '-trimpath', '-o', path, join(import.meta.dirname, 'cold-start-bare.go')], folder);
	return path;
}

function run(command: string, args: readonly string[], cwd: string): void {
	const env = { ...process.env, CGO_ENABLED: '0', GO111MODULE: 'off' };
	const done = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
	if (done.status === 0) return;
	throw new Error(
		`${command} ${args.join(' ')} failed: ${done.error?.message ?? done.stderr}; wanted: Debian's golang-go`,
	);
}
