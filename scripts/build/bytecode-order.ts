/**
 * What a start of the executable runs, as a run of it told: Bun lays the bytecode of that together, so that a start reads fewer
 * pages (`bun build --bytecode-order`). The record names code by its own text, so it serves every target of the same bundle.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CompileInput, compile } from './compile.ts';

const RUN_MS_MAX = 60_000;

/** Compiles a first executable in `folder`, runs it as its users do, and answers the path of the record. Throws where it told nothing. */
export async function recordBytecodeOrder(
	folder: string,
	input: Omit<CompileInput, 'outputPath' | 'orderPath'>,
): Promise<string> {
	const executable = join(folder, 'recorded');
	const orderPath = join(folder, 'bytecode.order');
	rmSync(orderPath, { force: true });
	await compile({ ...input, outputPath: executable, orderPath: null });
	try {
		await runOnce(folder, executable, orderPath);
	} finally {
		rmSync(executable, { force: true });
	}
	if (existsSync(orderPath)) return orderPath;
	throw new Error(`${executable} ended without the record of its bytecode, wanted: ${orderPath}`);
}

/** It needs no interpreter, nor a port that is free; up to its end it is started like any other. */
function failingFunction(folder: string): string {
	const path = join(folder, 'function');
	mkdirSync(path, { recursive: true });
	writeFileSync(join(path, 'bootstrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
	return path;
}

/** Starts it, sends one request to the address that it prints, whatever the answer, and has it end. */
async function runOnce(folder: string, executable: string, orderPath: string): Promise<void> {
	const child = spawn(executable, ['run', failingFunction(folder), '--listen', '127.0.0.1:0'], {
		stdio: ['ignore', 'pipe', 'ignore'],
		// Settings, and service managers, of whoever builds are not its own.
		env: { PATH: process.env.PATH, HOME: folder, BUN_BYTECODE_ORDER_OUT: orderPath },
	});
	const closed = once(child, 'close');
	const timeout = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
	try {
		const url = await firstLine(child);
		if (url.startsWith('http')) {
			await (await fetch(url)).arrayBuffer();
			child.kill('SIGTERM');
		}
		await closed;
	} finally {
		clearTimeout(timeout);
		child.kill('SIGKILL');
	}
}

/** Empty where it ended without one. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
	if (stdout === null) return '';
	const lines = createInterface({ input: stdout });
	const [line = ''] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
	return line;
}
