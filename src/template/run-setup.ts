import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';
import { spawnWithDescriptors } from '../process/spawn.ts';

export interface SetupInput {
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Stdin, stdout and stderr of the command. */
	readonly descriptors: readonly [number, number, number];
	/** Ends the command and all that it started. */
	readonly signal: AbortSignal;
}

/** Runs one command line of a template's setup. Rejects with ERR_SETUP_FAILED where it does not succeed. */
export async function runSetup(line: string, input: SetupInput): Promise<void> {
	const { folder, environment, descriptors, signal } = input;
	const spec = { command: 'bash', args: ['--norc', '-c', line], cwd: folder, environment };
	const { pid, exited } = await spawnWithDescriptors(spec, descriptors);
	const end = (): void => {
		try {
			process.kill(-pid, 'SIGTERM');
		} catch (error) {
			// It has just ended.
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	};
	signal.addEventListener('abort', end, { once: true });
	if (signal.aborted) end();
	const exit = await exited;
	signal.removeEventListener('abort', end);
	if (exit.code === 0) return;
	const how = exit.signal ?? `exit code ${exit.code}`;
	throw new RuntimeError('ERR_SETUP_FAILED', `"${line}" failed in ${JSON.stringify(folder)} (${how})`);
}
