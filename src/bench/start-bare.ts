/** A bootstrap started as a shell would start it, without httpfn: what no gateway can save. */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import { hostVariables } from '../contract/environment.ts';
import { spawnProcess } from '../process/spawn.ts';
import type { BenchSite } from './bench-site.ts';
import { endWithUs } from './end-with-us.ts';
import type { LoadConnection } from './load-connection.ts';
import { getRequest } from './load-request.ts';
import { askOnce, openConnection } from './one-request.ts';

const BARE = new URL('http://127.0.0.1:8000');
const POLL_MS = 1;
const LISTEN_MS_MAX = 60_000;

/** Resolves with the milliseconds from just before the process is made to the first byte of an answer. */
export async function startBare({ folder, environment }: BenchSite, path: string): Promise<number> {
	const other = await attempt();
	other?.close();
	if (other !== null)
		throw new Error('127.0.0.1:8000, where the function listens, is taken: end what listens there');
	const beganMs = monotonicMs();
	const child = await spawnProcess(
		{
			command: 'bash',
			args: [`${folder}/bootstrap`],
			cwd: folder,
			// As a function has it: what else there is may change what its engine does when it starts.
			environment: { ...hostVariables(environment), RUNTIME_CODE_ROOT: folder },
		},
		null,
	);
	const release = endWithUs(child.pid);
	const drained = [child.stdout, child.stderr].map((source) => drain(source));
	try {
		const connection = await accepted(beganMs + LISTEN_MS_MAX);
		const { firstByteMs } = await askOnce(connection, getRequest(BARE, path, null, false));
		return firstByteMs - beganMs;
	} finally {
		// What it started dies with it: it leads a group of its own.
		process.kill(-child.pid, 'SIGKILL');
		await child.exited;
		release();
		child.stdout.destroy();
		child.stderr.destroy();
		await Promise.all(drained);
	}
}

/** A connection, as soon as one is accepted. */
async function accepted(deadlineMs: number): Promise<LoadConnection> {
	for (;;) {
		const connection = await attempt();
		if (connection !== null) return connection;
		if (monotonicMs() > deadlineMs) throw new Error('the bare bootstrap does not listen on 127.0.0.1:8000');
		await delay(POLL_MS);
	}
}

async function attempt(): Promise<LoadConnection | null> {
	return await openConnection(BARE).catch((): null => null);
}

async function drain(source: AsyncIterable<Buffer>): Promise<void> {
	try {
		for await (const _ of source);
	} catch {
		// It is destroyed in the end.
	}
}
