/** Starts of edge functions one by one, every runtime in turn. Runs in a network of its own. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startChild, untilAccepting } from './child.ts';
import { lastWords, openConnection, SEARCH_PATH, timeRequest } from './cold-start-probe.ts';
import { writeEdgeFolder } from './edge-folder.ts';
import type { EdgeStartSubject, EdgeStartTask, EdgeStartTaskResult } from './edge-start-task.ts';
import { firstAnswer } from './first-answer.ts';
import { inTurn } from './in-turn.ts';
import type { Runtime } from './runtime.ts';
import { runtimeCommand } from './runtime-command.ts';
import { PROXY_PORT } from './task.ts';

const READY_MS = 15_000;
const LEAVE_MS_MAX = 30_000;
/** For what a leaving instance leaves to do, and what is made ready for the next one. */
const REST_MS = 500;
const STOPPED = 'the function was stopped';

interface Measured extends EdgeStartTaskResult {
	readonly ms: number[];
	readonly failures: string[];
	/** Starts once and answers the milliseconds; leaves no instance behind. */
	start(): Promise<number>;
	stop(): Promise<void>;
}

export async function runEdgeStart(task: EdgeStartTask): Promise<readonly EdgeStartTaskResult[]> {
	const home = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	// Functions run as a user of their own.
	chmodSync(home, 0o755);
	const measured: Measured[] = [];
	try {
		for (const [index, subject] of task.subjects.entries()) measured.push(await open(subject, index, home));
		await delay(REST_MS);
		// The first start of each fills caches, and is not counted.
		for (const { round, subject } of inTurn(measured, task.rounds + 1)) {
			const ms = await subject.start();
			if (round > 1) subject.ms.push(ms);
		}
	} catch (error) {
		throw new Error(`${error}; standard error: ${lastWords(home)}`, { cause: error });
	} finally {
		for (const one of measured) await one.stop();
		rmSync(home, { recursive: true, force: true });
	}
	return measured.map(({ runtime, isolation, ms, failures }) => ({ runtime, isolation, ms, failures }));
}

async function open(
	{ runtime, isolation }: EdgeStartSubject,
	index: number,
	home: string,
): Promise<Measured> {
	const folder = join(home, `subject-${index}`);
	mkdirSync(folder);
	const base = { runtime: runtime.name, isolation, ms: [], failures: [] as string[] };
	if (isolation === null) {
		const stop = (): Promise<void> => Promise.resolve();
		return { ...base, start: () => startFresh(runtime, folder, join(home, `stderr-${index}`)), stop };
	}
	// The port of the others stays free.
	const port = PROXY_PORT + 1 + index;
	const errorFile = join(home, `stderr-${index}`);
	const args = [
		...['run', writeEdgeFolder(folder), '--listen', `127.0.0.1:${port}`, '--isolation', isolation],
		...['--idle-timeout', '1', '--timeout', '60'],
	];
	const child = startChild(runtime.program, args, { cwd: home, home, errorFile, path: SEARCH_PATH });
	await untilAccepting(port, child, READY_MS);
	const failed = (status: string): void => void base.failures.push(`a start was answered ${status}`);
	return { ...base, start: () => askCold(port, child, errorFile, failed), stop: () => child.stop() };
}

async function askCold(
	port: number,
	child: Child,
	errorFile: string,
	failed: (status: string) => void,
): Promise<number> {
	const stopsBefore = stopsIn(errorFile);
	const { ms, status } = await timeRequest(await openConnection(port), '/');
	if (status !== '200') failed(status);
	const untilMs = performance.now() + LEAVE_MS_MAX;
	while (stopsIn(errorFile) === stopsBefore) {
		child.assertAlive();
		if (performance.now() > untilMs) throw new Error(`an instance is still there after ${LEAVE_MS_MAX} ms`);
		await delay(20);
	}
	await delay(REST_MS);
	return ms;
}

async function startFresh(runtime: Runtime, folder: string, errorFile: string): Promise<number> {
	const { file, args, environment } = runtimeCommand(runtime, folder);
	const child = startChild(file, args, { cwd: folder, home: folder, errorFile, environment });
	try {
		return (await firstAnswer(child)) - child.spawnedAtMs;
	} finally {
		await child.stop();
	}
}

function stopsIn(errorFile: string): number {
	return readFileSync(errorFile, 'utf8').split(STOPPED).length - 1;
}
