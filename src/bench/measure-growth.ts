/** What a small request costs when there is much of everything else: triggers, idle connections, functions. */
import { isPlanned } from './bench-plan.ts';
import type { BenchRound, Contender } from './bench-round.ts';
import type { BenchSite } from './bench-site.ts';
import { busyCost } from './busy-cost.ts';
import { DeployedServer } from './deployed-server.ts';
import type { LoadConnection } from './load-connection.ts';
import { getRequest, type LoadRequest } from './load-request.ts';
import type { MeasureName } from './measure-sheet.ts';
import { openIdle } from './open-idle.ts';
import type { Program } from './program.ts';
import { manyFunctions, ONE_INSTANCE } from './program-settings.ts';
import type { RunningProgram } from './running-program.ts';
import { skipUnserved } from './skip-unserved.ts';

const COUNTS = { triggers: [1, 100, 10_000], connections: [1, 1000, 10_000], functions: [1, 1000] } as const;
type Grown = keyof typeof COUNTS;

const BUSY_CONNECTIONS = 16;
/** For code to be compiled. */
const WARM_UP_MS = 1000;
/** Connections that a load and a few others need beside the idle ones. */
const ROOM = 1000;
/** Triggers that a version of a function may have (documented). */
const TRIGGERS_MAX = 10;
/** Functions that are made at once. */
const AT_ONCE = 4;

export async function measureGrowth(round: BenchRound): Promise<void> {
	if (!round.site.ownFunction || !isPlanned(round.plan, 'growth/')) return;
	const referenceMicros = await referenceCost(round);
	for (const contender of round.contenders) {
		for (const what of ['triggers', 'connections', 'functions'] as const) {
			if (!isPlanned(round.plan, `growth/${what}`)) continue;
			round.signal.throwIfAborted();
			round.step(`${contender.program.role}: 1 to ${COUNTS[what].at(-1)} ${what}`);
			await skipUnserved(contender.sheet, `growth/${what}`, () =>
				GROW[what](round, contender, referenceMicros),
			);
		}
	}
}

async function referenceCost(round: BenchRound): Promise<number> {
	await using running = await round.site.reference();
	return await cost(round, running, getRequest(running.url, '/sized/1000', 1000, false));
}

type Grow = (round: BenchRound, contender: Contender, referenceMicros: number) => Promise<void>;

const GROW: Readonly<Record<Grown, Grow>> = {
	async triggers(round, { program, sheet }, referenceMicros) {
		for (const count of COUNTS.triggers) {
			const name = `${program.role}, ${count} triggers`;
			const { state, host } = await round.site.once(name, () => triggeredState(round.site, program, count));
			await using deployed = await DeployedServer.start(round.site, program, state);
			const request = getRequest(deployed.running.url, '/sized/1000', 1000, false, host);
			sheet.add(named('triggers', count), await cost(round, deployed.running, request), referenceMicros);
		}
	},
	async connections(round, { program, sheet }, referenceMicros) {
		const room = `${Math.max(...COUNTS.connections) + ROOM}`;
		await using running = await round.site.run(program, [...ONE_INSTANCE, '--connections-max', room]);
		const request = getRequest(running.url, '/sized/1000', 1000, false);
		const open: LoadConnection[] = [];
		for (const count of COUNTS.connections) {
			open.push(...(await openIdle(running.url, request, count - open.length)));
			sheet.add(named('connections', count), await cost(round, running, request), referenceMicros);
		}
		for (const connection of open) connection.close();
	},
	async functions(round, { program, sheet }, referenceMicros) {
		for (const count of COUNTS.functions) {
			await using running = await round.site.serveConfig(program, manyFunctions(round.site.folder, count));
			const request = getRequest(running.url, '/f0/sized/1000', null, false);
			sheet.add(named('functions', count), await cost(round, running, request), referenceMicros);
		}
	},
};

/** A state folder with triggers, and the host name that the one with everything below `/` answers to. */
interface Triggered {
	readonly state: string;
	readonly host: string;
}

async function triggeredState(site: BenchSite, program: Program, count: number): Promise<Triggered> {
	const state = site.path('state');
	await using server = await DeployedServer.start(site, program, state);
	const functions = Math.ceil(count / TRIGGERS_MAX);
	let next = 0;
	let host = '';
	const work = async (): Promise<void> => {
		for (let index = next++; index < functions; index = next++) {
			await server.deploy(`f${index}`);
			const triggers = Math.min(TRIGGERS_MAX, count - index * TRIGGERS_MAX);
			for (let number = 0; number < triggers; number += 1) {
				const first = index === 0 && number === 0;
				const answered = await server.trigger(`f${index}`, first ? '/' : `/t${index}/of/many/${number}`);
				if (first) host = answered;
			}
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return { state, host };
}

function named(what: Grown, count: number): MeasureName {
	const shown = count.toLocaleString('en-US');
	const title = `CPU a request, ${shown} ${count === 1 ? what.slice(0, -1) : what}`;
	return { id: `growth/${what}/${count}/cpu`, title, unit: 'µs', better: 'less' };
}

/** Microseconds of the process a request. */
async function cost({ plan }: BenchRound, { pid }: RunningProgram, request: LoadRequest): Promise<number> {
	const durationMs = plan.seconds * 1000;
	const load = { request, connections: BUSY_CONNECTIONS, warmUpMs: WARM_UP_MS, durationMs };
	return (await busyCost(pid, load)).cpuMicros;
}
