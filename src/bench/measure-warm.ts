/** A server that is warm: what a request costs its process, how long it takes at a fixed rate, and how many it can do. */
import { randomUUID } from 'node:crypto';
import { type BenchPlan, isPlanned } from './bench-plan.ts';
import type { Measure } from './bench-record.ts';
import type { BenchRound, Contender } from './bench-round.ts';
import { type BusyCost, busyCost } from './busy-cost.ts';
import { closedLoop } from './closed-loop.ts';
import { DeployedServer } from './deployed-server.ts';
import { type LoadCase, loadCases, ownCases } from './load-cases.ts';
import { getRequest, type LoadRequest, postRequest } from './load-request.ts';
import { openLoop } from './open-loop.ts';
import type { Program } from './program.ts';
import { ONE_INSTANCE } from './program-settings.ts';
import type { RunningProgram } from './running-program.ts';
import { sortedQuantile } from './statistics.ts';

/** What one load has found. */
interface WarmFigures extends BusyCost {
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly latenciesMs: Float64Array;
}

/** Of the function that is deployed. */
const NAME = 'bench';
/** Of each load: what a new process gets first, while it compiles its code, and which is not counted. */
const COMPILE_SHARE = 4;
/** Of each load: what comes before it for its own connections, and is not counted either. */
const WARM_UP_SHARE = 0.25;

export async function measureWarm(round: BenchRound): Promise<void> {
	const { site, plan } = round;
	const cases = (site.ownFunction ? loadCases(plan) : ownCases(plan)).filter(({ id }) => isPlanned(plan, id));
	if (cases.length === 0) return;
	const referenceFirst = round.number % 2 === 0;
	const before = referenceFirst ? await loadReference(round, cases) : null;
	const found: (readonly [Contender, ReadonlyMap<string, WarmFigures>])[] = [];
	for (const contender of round.contenders) {
		found.push([contender, await loadContender(round, contender.program, cases)]);
	}
	const reference = before ?? (await loadReference(round, cases));
	for (const [{ sheet }, figures] of found) {
		for (const load of cases) {
			const own = figures.get(load.id);
			if (own !== undefined) note(sheet, load, own, reference.get(load.id) ?? null);
		}
	}
}

function note(
	sheet: Contender['sheet'],
	{ id, title }: LoadCase,
	own: WarmFigures,
	other: WarmFigures | null,
): void {
	const add = (
		what: string,
		text: string,
		unit: Measure['unit'],
		figure: keyof BusyCost | 'p50Ms' | 'p99Ms',
	): void => {
		const better = figure === 'requestsPerSecond' ? 'more' : 'less';
		const name = { id: `${id}/${what}`, title: `${text}: ${title}`, unit, better } as const;
		sheet.add(name, own[figure], other?.[figure] ?? null);
	};
	add('cpu', 'CPU a request', 'µs', 'cpuMicros');
	add('throughput', 'requests a second', 'requests/s', 'requestsPerSecond');
	add('p50', 'latency, p50', 'ms', 'p50Ms');
	add('p99', 'latency, p99', 'ms', 'p99Ms');
	sheet.addLatencies(id, title, own.latenciesMs);
}

/** The function alone, asked directly. An invocation has no such thing: it stands beside a plain request for the same body. */
async function loadReference(
	round: BenchRound,
	cases: readonly LoadCase[],
): Promise<Map<string, WarmFigures>> {
	await using running = await round.site.reference();
	await compile(running, '/sized/48', round.plan);
	const found = new Map<string, WarmFigures>();
	for (const load of cases) {
		const path = pathOf(load.way === 'invoke' ? { ...load, way: 'plain' } : load, '/sized/48');
		const bytes = load.bodyBytes ?? 48;
		const request = getRequest(running.url, path, bytes, load.fresh);
		found.set(load.id, await measureLoad(round, 'reference', running, load, request));
	}
	return found;
}

async function loadContender(
	round: BenchRound,
	program: Program,
	cases: readonly LoadCase[],
): Promise<Map<string, WarmFigures>> {
	const { site, plan } = round;
	const found = new Map<string, WarmFigures>();
	const direct = cases.filter(({ way }) => way !== 'invoke');
	if (direct.length > 0) {
		await using running = await site.run(program, ONE_INSTANCE);
		await compile(running, site.plainPath(plan.path), plan);
		for (const load of direct) {
			const request = getRequest(running.url, pathOf(load, plan.path), load.bodyBytes, load.fresh);
			found.set(load.id, await measureLoad(round, program.role, running, load, request));
		}
	}
	const invoked = cases.filter(({ way }) => way === 'invoke');
	if (invoked.length > 0) {
		await using deployed = await DeployedServer.start(site, program, site.path('state'));
		await deployed.deploy(NAME);
		for (const load of invoked) {
			const event = apigEvent(pathOf({ ...load, way: 'plain' }, plan.path));
			const request = postRequest(
				deployed.control,
				deployed.invokePath(NAME),
				event,
				['X-Auth-Token: any'],
				load.fresh,
			);
			found.set(load.id, await measureLoad(round, program.role, deployed.running, load, request));
		}
	}
	return found;
}

async function compile({ url }: RunningProgram, path: string, { seconds }: BenchPlan): Promise<void> {
	await closedLoop(getRequest(url, path, null, false), 16, seconds * 1000 * COMPILE_SHARE);
}

/** @param own what a function that is not the benchmark's is asked for */
function pathOf({ way, bodyBytes }: Pick<LoadCase, 'way' | 'bodyBytes'>, own: string): string {
	if (bodyBytes === null) return own;
	return way === 'chunked' ? `/pieces/${bodyBytes}` : `/sized/${bodyBytes}`;
}

async function measureLoad(
	{ plan, step, signal }: BenchRound,
	who: string,
	{ pid }: RunningProgram,
	load: LoadCase,
	request: LoadRequest,
): Promise<WarmFigures> {
	signal.throwIfAborted();
	step(`${who}: ${load.title}`);
	const durationMs = plan.seconds * 1000;
	const { connections } = load;
	const busy = { request, connections, warmUpMs: durationMs * WARM_UP_SHARE, durationMs };
	const cost = await busyCost(pid, busy);
	const latenciesMs = await openLoop(request, load.rate, durationMs);
	return {
		...cost,
		p50Ms: sortedQuantile(latenciesMs, 0.5),
		p99Ms: sortedQuantile(latenciesMs, 0.99),
		latenciesMs,
	};
}

function apigEvent(path: string): string {
	return JSON.stringify({
		httpMethod: 'GET',
		path,
		headers: { host: 'bench', 'x-request-id': randomUUID() },
		queryStringParameters: {},
		pathParameters: {},
		requestContext: { stage: 'RELEASE' },
		body: '',
		isBase64Encoded: false,
	});
}
