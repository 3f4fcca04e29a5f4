/** Requests to a frozen instance, and to the same one just before it would be frozen again, in turn. Runs in a network of its own. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { instancePids, MARK, openConnection, timeRequest, untilNoInstance } from './cold-start-probe.ts';
import type { ThawTask, ThawTaskResult } from './cold-start-task.ts';
import { PROXY_PORT } from './task.ts';
import { withHttpfn } from './with-httpfn.ts';

const FREEZE_MS_MAX = 15_000;
/** Before a request to a frozen instance: it begins with everything at rest. */
const REST_MS = 100;
/** Before one to the running instance, which has rested almost as long then as a frozen one, and is frozen after a second. */
const RUNNING_REST_MS = 850;

export async function runThaw({ peer, isolation, folder, rounds }: ThawTask): Promise<ThawTaskResult> {
	const args = [
		...['run', folder, '--listen', `127.0.0.1:${PROXY_PORT}`, '--isolation', isolation, '--name', MARK],
		...['--idle', 'freeze', '--timeout', '60', '--init-timeout', '60', '--log-level', 'warn'],
	];
	const frozenMs: number[] = [];
	const runningMs: number[] = [];
	const failures: string[] = [];
	const ask = async (restMs: number): Promise<number> => {
		const connection = await openConnection(PROXY_PORT);
		await delay(restMs);
		const { ms, status } = await timeRequest(connection, '/');
		if (status !== '200') failures.push(`answered ${status}`);
		return ms;
	};
	await withHttpfn(
		peer,
		() => args,
		async () => {
			// The cold start, and the first of each, are not counted.
			await ask(0);
			for (let round = 0; round <= rounds; round += 1) {
				await untilFrozen();
				const frozen = await ask(REST_MS);
				const running = await ask(RUNNING_REST_MS);
				if (round === 0) continue;
				frozenMs.push(frozen);
				runningMs.push(running);
			}
		},
	);
	await untilNoInstance();
	return { frozenMs, runningMs, failures };
}

async function untilFrozen(): Promise<void> {
	const untilMs = performance.now() + FREEZE_MS_MAX;
	while (!instancePids().some(isFrozen)) {
		if (performance.now() > untilMs) throw new Error(`no instance is frozen after ${FREEZE_MS_MAX} ms`);
		await delay(20);
	}
}

/** By a signal, or by its control group. */
function isFrozen(pid: number): boolean {
	const [, state = ''] = read(`/proc/${pid}/stat`).split(') ');
	if (state.startsWith('T')) return true;
	const path = /^0::(.*)$/m.exec(read(`/proc/${pid}/cgroup`))?.[1] ?? '';
	const roots = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];
	return roots.some((root) => /^frozen 1$/m.test(read(`${root}${path}/cgroup.events`)));
}

/** Empty where there is none. */
function read(path: string): string {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return '';
	}
}
