/** Medians over the rounds, and ratios taken within a round before their median is taken. */

import { median } from '../src/bench/statistics.ts';
import { cpuMicros, cpuRatio, type Ratio } from './cpu-ratio.ts';
import type { GatewayResult, Round } from './gateway-result.ts';
import type { BodyName } from './task.ts';

export interface Summary {
	readonly peer: string;
	readonly cpuMicrosPerRequest: number;
	/** CPU per request over that of the peer of the same round; null where it did not run. */
	readonly ofNginx: Ratio | null;
	readonly ofHaproxy: Ratio | null;
	readonly requestsPerSecond: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly peakRssMb: number;
}

/** One row a peer, in the order in which they ran first. */
export function summarize(result: GatewayResult, body: BodyName): Summary[] {
	const rounds = result.rounds.filter((round) => round.body === body);
	const names = [...new Set(rounds.map(({ peer }) => peer))].sort(
		(a, b) => order(result, a) - order(result, b),
	);
	const nginx = bestNginx(rounds);
	const of = (name: string): Round[] => rounds.filter(({ peer }) => peer === name);
	return names.map((peer) => {
		const own = of(peer);
		const middle = (value: (round: Round) => number): number => median(own.map(value));
		return {
			peer,
			cpuMicrosPerRequest: middle(cpuMicros),
			ofNginx: cpuRatio(own, of(nginx)),
			ofHaproxy: cpuRatio(own, of('haproxy')),
			requestsPerSecond: middle(({ requests, seconds }) => requests / seconds),
			p50Ms: middle(({ p50Ms }) => p50Ms),
			p99Ms: middle(({ p99Ms }) => p99Ms),
			peakRssMb: (Math.max(...own.map(({ peakRssKib }) => peakRssKib)) * 1024) / 1e6,
		};
	});
}

/** The variant of nginx that used less CPU: the fair one to be compared with. */
export function bestNginx(rounds: readonly Round[]): string {
	const cost = (name: string): number => {
		const own = rounds.filter(({ peer }) => peer === name);
		return own.length === 0 ? Number.POSITIVE_INFINITY : median(own.map(cpuMicros));
	};
	return cost('nginx-unbuffered') < cost('nginx') ? 'nginx-unbuffered' : 'nginx';
}

function order(result: GatewayResult, peer: string): number {
	const name = peer === 'nginx-unbuffered' ? 'nginx' : peer;
	return Object.keys(result.machine.versions).indexOf(name) + (name === peer ? 0 : 0.5);
}
