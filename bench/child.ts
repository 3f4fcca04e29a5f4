/** A program under measurement: started, watched for its end, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export interface Child {
	readonly pid: number;
	/** performance.now() just before the process was asked for. */
	readonly spawnedAtMs: number;
	/** performance.now() when the first line on standard output was whole; never settles without one. */
	readonly firstLineAtMs: Promise<number>;
	/** Throws where the process has ended. */
	assertAlive(): void;
	stop(): Promise<void>;
}

export interface ChildOptions {
	readonly cwd: string;
	/** Temporary and state files of the child belong into this folder. */
	readonly home: string;
	/** Standard error goes here: a terminal would slow down whoever writes to it. */
	readonly errorFile: string;
	/** Search path of the child; by default the benchmark's own. */
	readonly path?: string;
	/** Variables beyond those that every child gets. */
	readonly environment?: Readonly<Record<string, string>>;
}

const STOP_MS = 15_000;

export function startChild(file: string, args: readonly string[], options: ChildOptions): Child {
	const errorFile = openSync(options.errorFile, 'a');
	const path = options.path ?? process.env.PATH ?? '';
	const env = {
		PATH: path,
		HOME: options.home,
		TMPDIR: options.home,
		LANG: 'C.UTF-8',
		...options.environment,
	};
	const spawnedAtMs = performance.now();
	const child = spawn(file, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', errorFile] });
	closeSync(errorFile);
	let ended: string | null = null;
	const closed = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			ended = error.message;
			resolve();
		});
		child.once('exit', (code, signal) => {
			ended ??= `ended with ${signal ?? code}`;
			resolve();
		});
	});
	return {
		pid: child.pid ?? -1,
		spawnedAtMs,
		firstLineAtMs: firstLine(child),
		assertAlive(): void {
			if (ended !== null) throw new Error(`${file} ${args.join(' ')}: ${ended}; see ${options.errorFile}`);
		},
		async stop(): Promise<void> {
			child.kill('SIGTERM');
			const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
			await closed;
			clearTimeout(timer);
		},
	};
}

function firstLine(child: ChildProcess): Promise<number> {
	return new Promise((resolve) => {
		child.stdout?.on('data', (part: Buffer) => {
			if (part.includes(10)) resolve(performance.now());
		});
	});
}

/** Between two tries. Asking without a pause takes half a processor from the program that is to start. */
const TRY_STEP_MS = 1;

/**
 * Connects again and again until somebody accepts; on loopback a refusal is immediate, so this finds the moment
 * within a millisecond or two.
 * @returns performance.now() of the accepted connection
 */
export async function untilAccepting(port: number, child: Child, deadlineMs: number): Promise<number> {
	while (!(await accepts(port))) {
		child.assertAlive();
		if (performance.now() - child.spawnedAtMs > deadlineMs) {
			throw new Error(`nothing accepts on 127.0.0.1:${port} after ${deadlineMs} ms`);
		}
		await delay(TRY_STEP_MS);
	}
	return performance.now();
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: '127.0.0.1', port });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
