/** Medians over the rounds, and ratios taken within a round before their median is taken. */

import { median } from '../src/bench/statistics.ts';
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

export interface Ratio {
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

export function cpuMicros(round: Round): number {
	return (round.cpuSeconds / round.requests) * 1e6;
}

/** One row a peer, in the order in which they ran first. */
export function summarize(result: GatewayResult, body: BodyName): Summary[] {
	const rounds = result.rounds.filter((round) => round.body === body);
	const names = [...new Set(rounds.map(({ peer }) => peer))].sort(
		(a, b) => order(result, a) - order(result, b),
	);
	const nginx = bestNginx(rounds);
	return names.map((peer) => {
		const own = rounds.filter((round) => round.peer === peer);
		const middle = (value: (round: Round) => number): number => median(own.map(value));
		return {
			peer,
			cpuMicrosPerRequest: middle(cpuMicros),
			ofNginx: ratio(own, rounds, nginx),
			ofHaproxy: ratio(own, rounds, 'haproxy'),
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

function ratio(own: readonly Round[], all: readonly Round[], reference: string): Ratio | null {
	const ratios = own.flatMap((round) => {
		const other = all.find((candidate) => candidate.peer === reference && candidate.round === round.round);
		return other === undefined ? [] : [cpuMicros(round) / cpuMicros(other)];
	});
	if (ratios.length === 0) return null;
	return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

function order(result: GatewayResult, peer: string): number {
	const name = peer === 'nginx-unbuffered' ? 'nginx' : peer;
	return Object.keys(result.machine.versions).indexOf(name) + (name === peer ? 0 : 0.5);
}
