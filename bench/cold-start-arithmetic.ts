/** What httpfn added to a bare start, and how sure that is. */
import { medianInterval, quantile } from '../src/bench/statistics.ts';

export interface Added {
	/** The median over the rounds of what one round's cold start took more than its bare start. */
	readonly medianMs: number;
	/** 95% of the medians of resampled rounds lie between these. */
	readonly lowMs: number;
	readonly highMs: number;
	/** The 99th percentile of the cold starts less that of the bare ones. */
	readonly p99Ms: number;
}

/** Outside the interval at either end: it holds 95%. */
const TAIL = 0.025;

/** Pairs by position: the machine's speed changes from round to round, and a difference within a round leaves that out. */
export function addedBy(coldMs: readonly number[], bareMs: readonly number[]): Added {
	if (coldMs.length !== bareMs.length || coldMs.length === 0) {
		throw new RangeError(`${coldMs.length} cold starts beside ${bareMs.length} bare ones, wanted as many`);
	}
	const differences = coldMs.map((ms, round) => ms - (bareMs[round] ?? Number.NaN));
	const { estimate, low, high } = medianInterval(differences, TAIL);
	return {
		medianMs: estimate,
		lowMs: low,
		highMs: high,
		p99Ms: quantile(coldMs, 0.99) - quantile(bareMs, 0.99),
	};
}
