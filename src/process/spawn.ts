/** The only file that starts processes. */
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { RuntimeError } from '../contract/errors.ts';
import { nodeChildren } from '../engine/late-builtins.ts';
import { type ByteSource, type Pipe, readPipe } from '../engine/pipe.ts';
import type { LaunchSpec } from './launch-spec.ts';

export interface ProcessExit {
	/** Null when a signal ended the process. */
	readonly code: number | null;
	readonly signal: string | null;
}

export interface SpawnedProcess {
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	/** What the process writes to its descriptor 3; null where it has none. */
	readonly report: ByteSource | null;
	/** Resolves when the process has ended, whoever still holds its output open; never rejects. */
	readonly exited: Promise<ProcessExit>;
}

/**
 * Starts a process as leader of a session and group of its own. `pipes` take its stdout and stderr, and `report` what it writes to
 * descriptor 3; they are this function's to close, also when it fails; null: the engine's own, and none; `own`: the engine's own. Rejects with
 * ERR_SPAWN_FAILED and a cause.
 */
export async function spawnProcess(
	spec: LaunchSpec,
	pipes: readonly [Pipe, Pipe] | null,
	report: Pipe | 'own' | null = null,
): Promise<SpawnedProcess> {
	const all = [...(pipes ?? []), ...(report === null || report === 'own' ? [] : [report])];
	try {
		const child = await startChild(spec, pipes, report);
		const stdout = pipes === null ? child.stdout : readPipe(pipes[0].readFd);
		const stderr = pipes === null ? child.stderr : readPipe(pipes[1].readFd);
		if (child.pid === undefined || stdout === null || stderr === null) throw new Error('no process');
		const exited = new Promise<ProcessExit>((resolve) => {
			child.once('exit', (code, signal) => resolve({ code, signal }));
		});
		// After a start no failure is left that matters here: a signal that was not sent is seen by its sender.
		child.on('error', () => {});
		return {
			pid: child.pid,
			stdout,
			stderr,
			// Read and written; nobody writes.
			report: report === 'own' ? (child.stdio[3] as Readable) : report && readPipe(report.readFd),
			exited,
		};
	} catch (cause) {
		for (const pipe of all) closeSync(pipe.readFd);
		throw spawnError(spec, cause);
	} finally {
		// The child has its own copies; as long as ours are open, the streams do not end with it.
		for (const pipe of all) closeSync(pipe.writeFd);
	}
}

/** One whose descriptors are its caller's. */
export interface BareProcess extends Pick<SpawnedProcess, 'pid' | 'exited'> {
	/** Whether this process lives for as long as that one does: so it is from the start. */
	hold(held: boolean): void;
}

/**
 * Starts a process with the given descriptors as its 0, 1, 2 and so on; they stay the caller's to close. Rejects with
 * ERR_SPAWN_FAILED and a cause.
 */
export async function spawnWithDescriptors(
	spec: LaunchSpec,
	descriptors: readonly number[],
): Promise<BareProcess> {
	try {
		const child = nodeChildren().spawn(spec.command, spec.args, {
			cwd: spec.cwd,
			env: { ...spec.environment },
			detached: true,
			stdio: [...descriptors],
		});
		if (child.pid === undefined) throw await new Promise((resolve) => child.once('error', resolve));
		const exited = new Promise<ProcessExit>((resolve) => {
			child.once('exit', (code, signal) => resolve({ code, signal }));
		});
		child.on('error', () => {});
		const hold = (held: boolean): void => (held ? child.ref() : child.unref());
		return { pid: child.pid, exited, hold };
	} catch (cause) {
		throw spawnError(spec, cause);
	}
}

/**
 * Starts a process whose stdin ends with this process, and that does not keep it alive. Answers how it is ended, once it is not needed.
 * Where it can not be started nothing happens.
 */
export function spawnTethered(spec: LaunchSpec): () => void {
	const child = nodeChildren().spawn(spec.command, spec.args, {
		cwd: spec.cwd,
		env: { ...spec.environment },
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	child.on('error', () => {});
	child.stdin?.on('error', () => {});
	child.unref();
	// A socket, and for whoever waits for nothing else a reason to live.
	(child.stdin as { unref?(): void } | null)?.unref?.();
	return () => void child.kill('SIGKILL');
}

async function startChild(
	spec: LaunchSpec,
	pipes: readonly [Pipe, Pipe] | null,
	report: Pipe | 'own' | null,
): Promise<ChildProcess> {
	const [stdout, stderr] = [pipes?.[0].writeFd ?? ('pipe' as const), pipes?.[1].writeFd ?? ('pipe' as const)];
	const third = report === 'own' ? ('pipe' as const) : report?.writeFd;
	const stdio = ['ignore' as const, stdout, stderr, ...(third === undefined ? [] : [third])];
	const child: ChildProcess = nodeChildren().spawn(spec.command, spec.args, {
		cwd: spec.cwd,
		env: { ...spec.environment },
		detached: true,
		stdio,
	});
	if (child.pid === undefined) throw await new Promise((resolve) => child.once('error', resolve));
	return child;
}

function spawnError(spec: LaunchSpec, cause: unknown): RuntimeError {
	const { code } = cause as NodeJS.ErrnoException;
	const command = [spec.command, ...spec.args].join(' ');
	return new RuntimeError(
		'ERR_SPAWN_FAILED',
		`Could not start "${command}": ${describe(code, spec) ?? cause}`,
		{
			cause,
		},
	);
}

function describe(code: string | undefined, spec: LaunchSpec): string | undefined {
	switch (code) {
		case 'ENOENT':
			return `ENOENT, ${spec.command} or the folder ${spec.cwd} is missing`;
		case 'EAGAIN':
			return 'EAGAIN, this user may start no more processes';
		case 'EMFILE':
		case 'ENFILE':
			return `${code}, no more files may be opened`;
		default:
			return code;
	}
}
