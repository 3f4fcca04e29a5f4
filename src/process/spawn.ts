/** The only file that starts processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { RuntimeError } from '../contract/errors.ts';
import type { LaunchSpec } from './launch-spec.ts';

export interface ProcessExit {
	/** Null when a signal ended the process. */
	readonly code: number | null;
	readonly signal: string | null;
}

export interface SpawnedProcess {
	readonly pid: number;
	readonly stdout: Readable;
	readonly stderr: Readable;
	/** Resolves when the process has ended, whoever still holds its output open; never rejects. */
	readonly exited: Promise<ProcessExit>;
}

/** Starts a process as leader of a session and group of its own. Rejects with ERR_SPAWN_FAILED and a cause. */
export async function spawnProcess(spec: LaunchSpec): Promise<SpawnedProcess> {
	let child: ChildProcess;
	try {
		child = spawn(spec.command, spec.args, {
			cwd: spec.cwd,
			env: { ...spec.environment },
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	} catch (cause) {
		throw spawnError(spec, cause);
	}
	const exited = new Promise<ProcessExit>((resolve) => {
		child.once('exit', (code, signal) => resolve({ code, signal }));
	});
	const { pid, stdout, stderr } = child;
	if (pid === undefined || stdout === null || stderr === null) {
		throw spawnError(spec, await new Promise((resolve) => child.once('error', resolve)));
	}
	// After a start there is no failure left that matters here: a signal that could not be sent is seen by its sender.
	child.on('error', () => {});
	return { pid, stdout, stderr, exited };
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
