/** Memory of httpfn's own process: what it starts with, what load makes of it, and what each idle thing costs. */
import { setTimeout as delay } from 'node:timers/promises';
import { isPlanned } from './bench-plan.ts';
import type { BenchRound, Contender } from './bench-round.ts';
import { closedLoop } from './closed-loop.ts';
import { getRequest } from './load-request.ts';
import type { MeasureName } from './measure-sheet.ts';
import { openIdle } from './open-idle.ts';
import { memoryUse } from './process-meter.ts';
import { manyFunctions, ONE_INSTANCE } from './program-settings.ts';
import type { RunningProgram } from './running-program.ts';
import { skipUnserved } from './skip-unserved.ts';

/** Measured on one server, one after the other. */
const ONE_SERVER = ['listening', 'start', 'load'];
const CONNECTIONS = 1000;
const FUNCTIONS = 1000;
const INSTANCES = 8;
const LOAD_CONNECTIONS = 64;
/** What is not needed any more after a start, and garbage, is given back within this time. */
const SETTLE_MS = 1000;
const READY_MS_MAX = 60_000;

export async function measureMemory(round: BenchRound): Promise<void> {
	const planned = (what: string): boolean => isPlanned(round.plan, `memory/${what}`);
	if (ONE_SERVER.some(planned)) {
		const reference = await round.site.reference();
		await reference.stop();
		for (const contender of round.contenders) {
			await startAndLoad(round, contender, reference.startMs);
		}
	}
	for (const contender of round.contenders) {
		if (planned('connection')) await connections(round, contender);
		if (planned('function')) await functions(round, contender);
		if (planned('instance')) await instances(round, contender);
	}
}

async function startAndLoad(
	{ site, plan, step, signal }: BenchRound,
	{ program, sheet }: Contender,
	referenceMs: number,
): Promise<void> {
	signal.throwIfAborted();
	step(`${program.role}: memory after start and under load`);
	await using running = await site.run(program, ONE_INSTANCE);
	sheet.add(
		{ id: 'memory/listening', title: 'exec to listening', unit: 'ms', better: 'less' },
		running.startMs,
		referenceMs,
	);
	sheet.add(named('start', 'memory after the start'), await settled(running), null);
	const request = getRequest(running.url, site.plainPath(plan.path), null, false);
	await closedLoop(request, LOAD_CONNECTIONS, plan.seconds * 2000);
	sheet.add(named('load', 'most memory under load, 64 connections'), memoryUse(running.pid).peakKib, null);
}

async function connections(
	{ site, plan, step, signal }: BenchRound,
	{ program, sheet }: Contender,
): Promise<void> {
	signal.throwIfAborted();
	step(`${program.role}: memory of ${CONNECTIONS} idle connections`);
	await using running = await site.run(program, ONE_INSTANCE);
	const request = getRequest(running.url, site.plainPath(plan.path), null, false);
	// As many before make what all others share: pages of the executable, and code that is compiled because it is used.
	const shared = await openIdle(running.url, request, CONNECTIONS);
	const before = await settled(running);
	const measured = await openIdle(running.url, request, CONNECTIONS);
	const each = ((await settled(running)) - before) / CONNECTIONS;
	sheet.add(named('connection', 'memory of an idle connection'), each, null);
	for (const connection of [...shared, ...measured]) connection.close();
}

async function functions({ site, step, signal }: BenchRound, { program, sheet }: Contender): Promise<void> {
	signal.throwIfAborted();
	step(`${program.role}: memory of ${FUNCTIONS} idle functions`);
	const residentWith = async (count: number): Promise<number> => {
		await using running = await site.serveConfig(program, manyFunctions(site.folder, count));
		return await settled(running);
	};
	const each = ((await residentWith(FUNCTIONS + 1)) - (await residentWith(1))) / FUNCTIONS;
	sheet.add(named('function', 'memory of an idle function'), each, null);
}

async function instances({ site, step, signal }: BenchRound, { program, sheet }: Contender): Promise<void> {
	signal.throwIfAborted();
	step(`${program.role}: memory of ${INSTANCES} instances`);
	const settings = ['--isolation', 'namespace', '--memory', '512'];
	const residentWith = async (count: number): Promise<number> => {
		await using running = await site.run(program, [...settings, '--reserved', `${count}`]);
		await running.lines('the function is ready', count, READY_MS_MAX);
		return await settled(running);
	};
	await skipUnserved(sheet, 'memory/instance', async () => {
		const each = ((await residentWith(INSTANCES + 1)) - (await residentWith(1))) / INSTANCES;
		sheet.add(named('instance', 'memory of httpfn for an instance'), each, null);
	});
}

function named(what: string, title: string): MeasureName {
	return { id: `memory/${what}`, title, unit: 'KiB', better: 'less' };
}

async function settled({ pid }: RunningProgram): Promise<number> {
	await delay(SETTLE_MS);
	return memoryUse(pid).residentKib;
}
