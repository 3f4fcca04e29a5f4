/** What httpfn added to a bare start, and how sure that is. */
import { median, quantile } from '../src/bench/statistics.ts';

export interface Added {
	/** The median over the rounds of what one round's cold start took more than its bare start. */
	readonly medianMs: number;
	/** 95% of the medians of resampled rounds lie between these. */
	readonly lowMs: number;
	readonly highMs: number;
	/** The 99th percentile of the cold starts less that of the bare ones. */
	readonly p99Ms: number;
}

const RESAMPLES = 2_000;

/** Pairs by position: the machine's speed changes from round to round, and a difference within a round leaves that out. */
export function addedBy(coldMs: readonly number[], bareMs: readonly number[]): Added {
	if (coldMs.length !== bareMs.length || coldMs.length === 0) {
		throw new RangeError(`${coldMs.length} cold starts beside ${bareMs.length} bare ones, wanted as many`);
	}
	const differences = coldMs.map((ms, round) => ms - (bareMs[round] ?? Number.NaN));
	const medians = resampledMedians(differences);
	return {
		medianMs: median(differences),
		lowMs: quantile(medians, 0.025),
		highMs: quantile(medians, 0.975),
		p99Ms: quantile(coldMs, 0.99) - quantile(bareMs, 0.99),
	};
}

/** The same for the same rounds: a report can be made again from its JSON. */
function resampledMedians(values: readonly number[]): number[] {
	const random = seededRandom(values.length);
	return Array.from({ length: RESAMPLES }, () =>
		median(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN)),
	);
}

/** Mulberry32: 0 to 1, short, and good enough to draw rounds with. */
function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
