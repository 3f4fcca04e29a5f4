/** Many cold starts at one moment, of as many functions or of one, beside as many bare bootstraps. Runs in a network of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BURST_REQUESTS, CROWD_FUNCTIONS } from './cold-start-crowds.ts';
import { MARK, openConnection, startBare, timeRequest, untilNoInstance } from './cold-start-probe.ts';
import type { CrowdTask, CrowdTaskResult } from './cold-start-task.ts';
import { PROXY_PORT } from './task.ts';
import { withHttpfn } from './with-httpfn.ts';

/** Fifty who look at their port every 0.1 ms would starve the fifty who start. */
const POLL_MICROS = 2_000;

export async function runCrowd(task: CrowdTask): Promise<CrowdTaskResult> {
	const paths = task.crowd === 'functions' ? functionPaths() : Array<string>(BURST_REQUESTS).fill('/0/');
	const rounds: CrowdTaskResult['rounds'][number][] = [];
	const failures: string[] = [];
	const argumentsIn = (home: string): string[] => {
		const config = join(home, 'httpfn.json');
		writeFileSync(config, JSON.stringify(configuration(task)));
		return ['serve', '--config', config, '--isolation', 'namespace', '--log-level', 'warn'];
	};
	await withHttpfn(task.peer, argumentsIn, async () => {
		for (let round = 0; round <= task.rounds; round += 1) {
			const bare = await startBare(task.bare, Array<string>(paths.length).fill(task.folder), POLL_MICROS);
			const connections = await Promise.all(paths.map(() => openConnection(PROXY_PORT)));
			const beganMs = performance.now();
			const asked = connections.map((connection, index) => timeRequest(connection, paths[index] ?? '/'));
			const answers = await Promise.all(asked);
			const wallMs = performance.now() - beganMs;
			failures.push(
				...answers.filter(({ status }) => status !== '200').map(({ status }) => `answered ${status}`),
			);
			await untilNoInstance();
			// The first round fills caches, and is not counted.
			if (round === 0) continue;
			const bareMs = bare.map(({ firstByteMs }) => firstByteMs);
			rounds.push({
				wallMs,
				requestMs: answers.map(({ ms }) => ms),
				bareWallMs: Math.max(...bareMs),
				bareMs,
			});
		}
	});
	return { rounds, failures };
}

function functionPaths(): string[] {
	return Array.from({ length: CROWD_FUNCTIONS }, (_, index) => `/${index}/`);
}

function configuration({ folder, crowd }: CrowdTask): object {
	const count = crowd === 'functions' ? CROWD_FUNCTIONS : 1;
	const functions = Array.from({ length: count }, (_, index) => [
		`${MARK}-${index}`,
		{
			code: folder,
			routes: [{ path: `/${index}`, match: 'prefix' }],
			...{ concurrentNum: 1, idleTimeout: 1, timeout: 60, initTimeout: 60, queueTimeout: 60 },
		},
	]);
	return { listen: `127.0.0.1:${PROXY_PORT}`, functions: Object.fromEntries(functions) };
}
