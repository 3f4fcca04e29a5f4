/** A TypeScript file of this repository as a child process, on the engine that runs the test. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { engineName } from '../../src/engine/engine-name.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Those of Node.js are what the executable is built with: its log shares a stream with the engine's warnings. */
const ENGINE_FLAGS = {
	node: ['--disable-warning=ExperimentalWarning'],
	bun: [],
	deno: ['run', '--allow-all', '--no-check'],
};

export interface SourceProcess {
	readonly child: ChildProcess;
	readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface SourceOptions extends SpawnOptions {
	/** A program, with its words, that starts the engine: setpriv, say. */
	readonly through?: readonly string[];
}

/** `file` is relative to the repository. HTTPFN_ variables of the test run are not handed on. */
export function startSource(
	file: string,
	argv: readonly string[],
	options: SourceOptions = {},
): SourceProcess {
	const flags = ENGINE_FLAGS[engineName().name];
	const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HTTPFN_'));
	const env = { ...Object.fromEntries(inherited), ...options.env };
	const command = [...(options.through ?? []), process.execPath, ...flags, path.join(ROOT, file), ...argv];
	const child = spawn(command[0] ?? '', command.slice(1), { ...options, env });
	const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve({ code, signal }));
	});
	return { child, exited };
}

export interface SourceResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a file to its end and collects what it printed. */
export async function runSource(
	file: string,
	argv: readonly string[],
	options: SourceOptions & { readonly input?: string | Uint8Array } = {},
): Promise<SourceResult> {
	const { child, exited } = startSource(file, argv, options);
	const texts = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name]?.setEncoding('utf8').on('data', (text: string) => {
			texts[name] += text;
		});
	}
	child.stdin?.on('error', () => {});
	child.stdin?.end(options.input ?? '');
	return { code: (await exited).code, ...texts };
}
