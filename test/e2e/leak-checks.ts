/** What is left after many cold starts, for whoever runs httpfn. */
import * as assert from 'uvu/assert';
import type { RunningFunction } from '../harness/binary.ts';
import { sendHeld } from '../harness/held-requests.ts';
import type { Host } from '../harness/hosts.ts';
import { probeFunction } from '../harness/probe-function.ts';
import { probesOf } from '../harness/probe-processes.ts';
import { cgroupsOf, descendantsOf, holdings } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';

/** Bursts of 50 held requests, each an instance of its own; then all of them leave. */
export async function coldStartsLeakNothing(host: Host, count: number): Promise<void> {
	const atOnce = 50;
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--idle-timeout', '1']);
	const instances = new Set<string>();
	const burst = async (): Promise<void> => {
		const sent = await Promise.all(Array.from({ length: atOnce }, () => sendHeld(running)));
		await Promise.all(sent.map(({ isHeld }) => isHeld));
		for (const { instance } of await Promise.all(sent.map(({ held }) => held.release())))
			instances.add(instance);
		for (const { held } of sent) await held[Symbol.asyncDispose]();
		await until('all instances have left', () => (probesOf(running).length === 0 ? true : null));
	};
	await burstsLeakNothing(running, burst, () => instances.size >= count);
	assert.ok(instances.size >= count, `${instances.size} cold starts`);
}

/** A burst starts instances, and ends when they have left. */
export async function burstsLeakNothing(
	running: RunningFunction,
	burst: () => Promise<void>,
	isEnough: () => boolean,
): Promise<void> {
	await burst();
	await burst();
	const before = await settled(running);
	while (!isEnough()) await burst();
	await until(
		`no more is held than before: ${JSON.stringify(before)}`,
		async () => {
			const found = await settled(running);
			return Object.entries(found).every(
				([name, value]) => value <= before[name as keyof Held] + SLACK[name as keyof Held],
			)
				? found
				: null;
		},
		15_000,
	).catch(async (error: Error) => {
		throw new Error(`${error.message}; found ${JSON.stringify(await settled(running))}`);
	});
}

interface Held {
	readonly descriptors: number;
	readonly threads: number;
	readonly mounts: number;
	readonly processes: number;
	readonly cgroups: number;
}

/** Threads of an engine come and go; a leak of one a cold start would be hundreds. */
const SLACK: Held = { descriptors: 5, threads: 3, mounts: 0, processes: 4, cgroups: 2 };

/** A place of the stock is made in steps, each of which may take a while on a busy host; the next one follows at once. */
const REST_MS = 1000;

/** What httpfn holds once its stock of places is full again: the same for as long as no making of a place takes. */
async function settled(running: RunningFunction): Promise<Held> {
	let last = '';
	let sinceMs = 0;
	return await until('httpfn has come to rest', () => {
		const found: Held = {
			...holdings(running.pid),
			processes: descendantsOf(running.pid).length,
			cgroups: cgroupsOf(running.pid).length,
		};
		const text = JSON.stringify(found);
		if (text !== last) {
			last = text;
			sinceMs = performance.now();
		}
		return performance.now() - sinceMs > REST_MS ? found : null;
	});
}
