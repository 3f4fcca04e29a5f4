/**
 * A cold start: from a request to a function without instances to the first byte of its answer, and where the time goes.
 *
 *     request ──spawn──▶ the bootstrap runs ──bootstrap──▶ it listens ──probe──▶ the request is there ──first byte──▶ answer
 *
 * The benchmark's own function tells the three moments in between; any other one shows only when httpfn found it ready.
 */
import { monotonicMs } from '../base/clock.ts';
import { isPlanned } from './bench-plan.ts';
import type { BenchRound, Contender } from './bench-round.ts';
import { getRequest } from './load-request.ts';
import type { MeasureName } from './measure-sheet.ts';
import { askOnce, openConnection } from './one-request.ts';
import type { Stamps } from './reference-server.ts';
import type { RunningProgram } from './running-program.ts';
import { skipUnserved } from './skip-unserved.ts';
import { startBare } from './start-bare.ts';
import { wallClock } from './wall-clock.ts';

const ISOLATIONS = ['direct', 'namespace'] as const;
type ColdIsolation = (typeof ISOLATIONS)[number];

/** Cold starts of one process that count, after one that fills caches. */
const COUNTED = 2;
const BURST = 20;
const LEAVE_MS_MAX = 30_000;
const SETTINGS = ['--idle-timeout', '1', '--memory', '512', '--log-level', 'info'];
/** Each request of a burst has an instance of its own. */
const ONE_EACH = ['--concurrent-num', '1'];

interface ColdStart {
	readonly totalMs: number;
	readonly phases: readonly (readonly [
		name: 'spawn' | 'bootstrap' | 'probe' | 'start' | 'first-byte',
		ms: number,
	])[];
}

export async function measureCold(round: BenchRound): Promise<void> {
	for (const isolation of ISOLATIONS) {
		const id = `cold/${isolation}`;
		if (!isPlanned(round.plan, id)) continue;
		for (const { program, sheet } of round.contenders) {
			round.signal.throwIfAborted();
			round.step(`${program.role}: cold starts, ${isolation}`);
			const work = () => measureOne(round, { program, sheet }, isolation);
			// Every machine has direct isolation: there the failure is one.
			if (isolation === 'direct') await work();
			else await skipUnserved(sheet, id, work);
		}
	}
}

async function measureOne(
	{ site, plan }: BenchRound,
	{ program, sheet }: Contender,
	isolation: ColdIsolation,
): Promise<void> {
	await using running = await site.run(program, ['--isolation', isolation, ...SETTINGS]);
	for (let count = 0; count <= COUNTED; count += 1) {
		const bareMs = await startBare(site, site.plainPath(plan.path));
		const start = await coldStart(running, site.ownFunction ? '/stamps' : plan.path, site.ownFunction);
		if (count === 0) continue;
		sheet.add(named(isolation, 'total'), start.totalMs, bareMs);
		for (const [phase, ms] of start.phases) sheet.add(named(isolation, phase), ms, bareMs);
	}
	if (isolation === 'direct') return;
	// Direct isolation has one instance, whatever is asked at once.
	await using crowd = await site.run(program, ['--isolation', isolation, ...ONE_EACH, ...SETTINGS]);
	const bareMs = await startBare(site, site.plainPath(plan.path));
	sheet.add(named(isolation, 'burst'), await burst(crowd, site.plainPath(plan.path)), bareMs);
}

function named(isolation: ColdIsolation, what: string): MeasureName {
	const titles: Readonly<Record<string, string>> = {
		total: 'cold start, whole',
		burst: `${BURST} cold requests at once, the last answered`,
	};
	const title = `${titles[what] ?? `cold start, ${what}`}, ${isolation}`;
	return { id: `cold/${isolation}/${what}`, title, unit: 'ms', better: 'less' };
}

/** Resolves when the instance has left again. */
async function coldStart(running: RunningProgram, path: string, stamped: boolean): Promise<ColdStart> {
	const left = running.line('the function was stopped', LEAVE_MS_MAX);
	const ready = running.line('the function is ready', LEAVE_MS_MAX);
	// Both are waited for below; until then a failure of the request is the one to tell.
	left.catch(() => {});
	ready.catch(() => {});
	const connection = await openConnection(running.url);
	const wallMs = wallClock();
	const { sentMs, firstByteMs, body } = await askOnce(connection, getRequest(running.url, path, null, false));
	const totalMs = firstByteMs - sentMs;
	const { startMs } = JSON.parse(await ready) as { startMs: number };
	await left;
	if (!stamped)
		return {
			totalMs,
			phases: [
				['start', startMs],
				['first-byte', totalMs - startMs],
			],
		};
	const { beganMs, listeningMs, requestMs } = JSON.parse(body) as Stamps;
	const sent = wallMs(sentMs);
	return {
		totalMs,
		phases: [
			['spawn', beganMs - sent],
			['bootstrap', listeningMs - beganMs],
			['probe', requestMs - listeningMs],
			['first-byte', wallMs(firstByteMs) - requestMs],
		],
	};
}

/** Milliseconds until the last of them was answered. */
async function burst(running: RunningProgram, path: string): Promise<number> {
	const request = getRequest(running.url, path, null, false);
	const connections = await Promise.all(Array.from({ length: BURST }, () => openConnection(running.url)));
	const beganMs = monotonicMs();
	await Promise.all(connections.map((connection) => askOnce(connection, request)));
	return monotonicMs() - beganMs;
}
