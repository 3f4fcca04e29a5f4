/** `npm run bench -- gateway`: the peers in turn, round after round, then the table. */
import { writeFileSync } from 'node:fs';
import { ensureBenchPeers } from '../scripts/toolchains.ts';
import { errorText } from '../src/base/error-text.ts';
import { median } from '../src/bench/statistics.ts';
import { compareHeaders } from './compare-headers.ts';
import { cpuMicros } from './cpu-ratio.ts';
import { findPeers, findProgram, withWorkers } from './find-peers.ts';
import { GATEWAY_HELP, type GatewayOptions, parseGatewayOptions } from './gateway-options.ts';
import type { GatewayResult, RateRound, Round, Soak } from './gateway-result.ts';
import { inTurn } from './in-turn.ts';
import { loadProblems } from './load-problems.ts';
import { describeMachine } from './machine.ts';
import { killNamespaces, runInNamespace } from './namespace.ts';
import type { Peer } from './peer.ts';
import { FIXED_RATE } from './rate-table.ts';
import { gatewayReport } from './report.ts';
import type { BodyName, HeadersResult, LoadResult, LoadTask, StartupResult } from './task.ts';

const CONNECTIONS = { small: 64, large: 8, closing: 64 } as const satisfies Record<BodyName, number>;
/** Seconds beyond the load itself that a round may take to start, to answer once and to stop. */
const SLACK_SECONDS = 60;

type Report = (line: string) => void;

/** @returns the exit code: 0, or 1 where a client saw an error or the peers did not do the same work */
export async function benchGateway(args: readonly string[], print: Report, report: Report): Promise<number> {
	const options = parseGatewayOptions(args);
	if (options === null) {
		print(GATEWAY_HELP.trimEnd());
		return 0;
	}
	await ensureBenchPeers(report);
	const peers = withWorkers(findPeers(options.peers), options.workers);
	const nginx = findProgram('nginx');
	process.once('exit', killNamespaces);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

	const machine = describeMachine(peers);
	const headers = await measureHeaders(peers, nginx, report);
	const rounds: Round[] = [];
	for (const body of options.bodies) {
		rounds.push(...(await measureRounds(body, peers, nginx, options, report)));
	}
	const { rates, failures } = await measureRates(peers, nginx, options, report);
	const startup = await measureStartup(peers, nginx, options.startups, report);
	const soak = await measureSoak(peers, nginx, options, report);
	const result: GatewayResult = {
		machine,
		options,
		flagship: peers.find((peer) => peer.flagship)?.name ?? null,
		headers,
		rounds,
		rates,
		startup,
		soak,
		problems: [
			...Object.entries(headers).flatMap(([peer, found]) => compareHeaders(peer, found)),
			...[...rounds, ...soak].flatMap(problemsOf),
			...failures,
		],
	};
	if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, '\t')}\n`);
	print(gatewayReport(result));
	for (const problem of result.problems) report(`problem: ${problem}`);
	return result.problems.length === 0 ? 0 : 1;
}

async function measureHeaders(
	peers: readonly Peer[],
	nginx: string,
	report: Report,
): Promise<Record<string, HeadersResult>> {
	const found: Record<string, HeadersResult> = {};
	for (const peer of peers) {
		report(`headers: ${peer.name}`);
		found[peer.name] = await runInNamespace({ kind: 'headers', peer }, nginx, SLACK_SECONDS * 1000);
	}
	return found;
}

async function measureRounds(
	body: BodyName,
	peers: readonly Peer[],
	nginx: string,
	options: GatewayOptions,
	report: Report,
): Promise<Round[]> {
	const subjects = body === 'large' ? peers.flatMap(withUnbuffered) : peers;
	const rounds: Round[] = [];
	const { protocol, warmUpSeconds, seconds } = options;
	for (const { round, subject: peer } of inTurn(subjects, options.rounds)) {
		const load = await measureLoad({ peer, body, protocol, warmUpSeconds, seconds }, nginx);
		const perRequest = cpuMicros(load).toFixed(1);
		report(`${body} ${round}/${options.rounds}: ${peer.name}: ${perRequest} µs CPU a request`);
		rounds.push({ round, body, peer: peer.name, ...load });
	}
	return rounds;
}

/** nginx has two ways with a large body; the better of the two is the one to be compared with. */
function withUnbuffered(peer: Peer): Peer[] {
	if (peer.kind !== 'nginx') return [peer];
	return [peer, { ...peer, name: 'nginx-unbuffered', kind: 'nginx-unbuffered' }];
}

function measureLoad(load: Omit<LoadTask, 'connections' | 'kind'>, nginx: string): Promise<LoadResult> {
	const task = { kind: 'load', connections: CONNECTIONS[load.body], ...load } as const;
	return runInNamespace(task, nginx, (load.warmUpSeconds + load.seconds + SLACK_SECONDS) * 1000);
}

async function measureRates(
	peers: readonly Peer[],
	nginx: string,
	{ protocol, bodies, rounds, warmUpSeconds, seconds }: GatewayOptions,
	report: Report,
): Promise<{ readonly rates: RateRound[]; readonly failures: string[] }> {
	const [rates, failures]: [RateRound[], string[]] = [[], []];
	if (protocol !== 'http' || !bodies.includes('small')) return { rates, failures };
	for (const { round, subject: peer } of inTurn(peers, rounds)) {
		report(`${FIXED_RATE} requests a second ${round}/${rounds}: ${peer.name}`);
		const task = { kind: 'rate', peer, ratePerSecond: FIXED_RATE, warmUpSeconds, seconds } as const;
		const timeoutMs = (2 * (warmUpSeconds + seconds) + SLACK_SECONDS) * 1000;
		try {
			rates.push({ round, peer: peer.name, ...(await runInNamespace(task, nginx, timeoutMs)) });
		} catch (error) {
			failures.push(`${peer.name}, ${FIXED_RATE} requests a second, round ${round}: ${errorText(error)}`);
		}
	}
	return { rates, failures };
}

async function measureStartup(
	peers: readonly Peer[],
	nginx: string,
	samples: number,
	report: Report,
): Promise<readonly StartupResult[]> {
	if (samples === 0) return [];
	report(`exec to listening: ${samples} processes of each`);
	return await runInNamespace({ kind: 'startup', peers, samples }, nginx, (samples + SLACK_SECONDS) * 10_000);
}

async function measureSoak(
	peers: readonly Peer[],
	nginx: string,
	options: GatewayOptions,
	report: Report,
): Promise<Soak[]> {
	const soaks: Soak[] = [];
	if (options.soakSeconds === 0) return soaks;
	for (const peer of peers) {
		report(`memory over ${options.soakSeconds} s: ${peer.name}`);
		const { protocol, soakSeconds: seconds } = options;
		const load = await measureLoad({ peer, body: 'small', protocol, warmUpSeconds: 0, seconds }, nginx);
		const quarter = Math.max(1, Math.floor(load.rssKib.length / 4));
		const late = median(load.rssKib.slice(-quarter));
		const early = median(load.rssKib.slice(quarter, 2 * quarter));
		soaks.push({ peer: peer.name, growth: late / early, ...load });
	}
	return soaks;
}

function problemsOf(load: Round | Soak): string[] {
	const where =
		'round' in load ? `${load.peer}, ${load.body} body, round ${load.round}` : `${load.peer}, soak`;
	return loadProblems(where, load);
}
