/** What the proxies add to latency at a fixed rate. */
import { median } from '../src/bench/statistics.ts';
import type { RateRound } from './gateway-result.ts';

/** Requests a second: a tenth of what the slowest proxy can do. */
export const FIXED_RATE = 2000;

export const RATE_HEAD = ['proxy', 'p50 ms', 'added', 'p99 ms', 'added', 'the function alone: p50', 'p99'];

/** Medians over the rounds; what is added is the difference within a round. */
export function rateRow(rounds: readonly RateRound[], peer: string): string[] {
	const own = rounds.filter((round) => round.peer === peer);
	const middle = (value: (round: RateRound) => number): string => median(own.map(value)).toFixed(2);
	return [
		middle(({ p50Ms }) => p50Ms),
		middle(({ p50Ms, directP50Ms }) => p50Ms - directP50Ms),
		middle(({ p99Ms }) => p99Ms),
		middle(({ p99Ms, directP99Ms }) => p99Ms - directP99Ms),
		middle(({ directP50Ms }) => directP50Ms),
		middle(({ directP99Ms }) => directP99Ms),
	];
}

/** Milliseconds that a proxy adds at p99, over those that nginx adds; NaN where one of them did not run, or nginx added nothing. */
export function addedOfNginx(rounds: readonly RateRound[], peer: string): number {
	const added = (name: string): number => {
		const own = rounds.filter((round) => round.peer === name);
		return own.length === 0 ? Number.NaN : median(own.map(({ p99Ms, directP99Ms }) => p99Ms - directP99Ms));
	};
	const nginx = added('nginx');
	// Where the noise is larger than what nginx adds, a ratio to it tells nothing.
	return nginx > 0 ? added(peer) / nginx : Number.NaN;
}
