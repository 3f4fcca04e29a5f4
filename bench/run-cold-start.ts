/** Cold starts one by one, the bare bootstrap and each httpfn in turn. Runs in a network of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild, untilAccepting } from './child.ts';
import {
	lastWords,
	MARK,
	openConnection,
	SEARCH_PATH,
	startBare,
	timeRequest,
	untilNoInstance,
} from './cold-start-probe.ts';
import type { BareStart } from './cold-start-result.ts';
import type { ColdTask, ColdTaskResult } from './cold-start-task.ts';
import { PROXY_PORT } from './task.ts';

const READY_MS = 15_000;
const POLL_MICROS = 100;

interface Running {
	readonly port: number;
	readonly child: Child;
	readonly coldMs: number[];
	readonly bare: BareStart[];
	readonly failures: string[];
}

export async function runColdStart(task: ColdTask): Promise<readonly ColdTaskResult[]> {
	const home = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	const running: Running[] = [];
	try {
		for (const [index, { peer, isolation }] of task.subjects.entries()) {
			const port = PROXY_PORT + index;
			const args = [
				...['run', task.folder, '--listen', `127.0.0.1:${port}`, '--isolation', isolation, '--name', MARK],
				...['--idle-timeout', '1', '--timeout', '60', '--init-timeout', '60', '--log-level', 'warn'],
			];
			const errorFile = join(home, `stderr-${index}`);
			const child = startChild(peer.binary, args, { cwd: home, home, errorFile, path: SEARCH_PATH });
			running.push({ port, child, coldMs: [], bare: [], failures: [] });
			await untilAccepting(port, child, READY_MS);
		}
		// The first start of each fills caches, and is not counted.
		for (let round = 0; round <= task.rounds; round += 1) {
			for (let turn = 0; turn < running.length; turn += 1) {
				const one = running[(turn + round) % running.length];
				if (one !== undefined) await measure(task, one, round % 2 === 0, round > 0);
			}
		}
	} catch (error) {
		throw new Error(`${error}; standard error: ${lastWords(home)}`, { cause: error });
	} finally {
		for (const { child } of running) await child.stop();
		rmSync(home, { recursive: true, force: true });
	}
	return task.subjects.map(({ peer, isolation }, index) => {
		const { coldMs = [], bare = [], failures = [] } = running[index] ?? {};
		return { peer: peer.name, isolation, coldMs, bare, failures };
	});
}

/** One bare start and one cold one, who goes first changing. */
async function measure(task: ColdTask, one: Running, bareFirst: boolean, counted: boolean): Promise<void> {
	const before = bareFirst ? await startBare(task.bare, [task.folder], POLL_MICROS) : null;
	const connection = await openConnection(one.port);
	const { ms, status } = await timeRequest(connection, '/');
	await untilNoInstance();
	const [bare] = before ?? (await startBare(task.bare, [task.folder], POLL_MICROS));
	if (status !== '200') one.failures.push(`a cold start was answered ${status}`);
	if (!counted || bare === undefined) return;
	one.coldMs.push(ms);
	one.bare.push(bare);
}
