/** Order statistics, and how sure a ratio of two medians is. Nothing here is random twice: resampling has a seed. */

/** Resamples of one ratio: enough that its 0.5% and 99.5% points hold still. */
const RESAMPLES = 4000;
const SEED = 0x9e3779b9;
/** Of an interval that holds 99%: what lies outside it at either end. */
const TAIL = 0.005;

/** @param values at least one */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** Linear between the two nearest values; NaN of nothing. */
export function quantile(values: readonly number[], at: number): number {
	return sortedQuantile(
		[...values].sort((a, b) => a - b),
		at,
	);
}

/** As `quantile`, of values in ascending order. */
export function sortedQuantile(sorted: ArrayLike<number>, at: number): number {
	const position = (sorted.length - 1) * at;
	const below = sorted[Math.floor(position)] ?? Number.NaN;
	const above = sorted[Math.ceil(position)] ?? Number.NaN;
	return below + (above - below) * (position - Math.floor(position));
}

export interface Interval {
	readonly estimate: number;
	readonly low: number;
	readonly high: number;
}

/** The median, with the interval that holds 99% of the medians of resamples (bootstrap, percentile method), or all but two tails. */
export function medianInterval(values: readonly number[], tail = TAIL): Interval {
	const next = randomIndex();
	return interval(median(values), tail, () => resampledMedian(values, next));
}

/** The median of `after` over that of `before`, both resampled. */
export function ratioInterval(before: readonly number[], after: readonly number[]): Interval {
	const next = randomIndex();
	const ratio = median(after) / median(before);
	return interval(ratio, TAIL, () => resampledMedian(after, next) / resampledMedian(before, next));
}

function interval(estimate: number, tail: number, resample: () => number): Interval {
	const found = Float64Array.from({ length: RESAMPLES }, resample).sort();
	return { estimate, low: sortedQuantile(found, tail), high: sortedQuantile(found, 1 - tail) };
}

function resampledMedian(values: readonly number[], next: (below: number) => number): number {
	const drawn = Float64Array.from({ length: values.length }, () => values[next(values.length)] ?? Number.NaN);
	return sortedQuantile(drawn.sort(), 0.5);
}

/** Mulberry32: 32 bits of state are plenty for a few million draws, and the same everywhere. */
function randomIndex(): (below: number) => number {
	let state = SEED;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}
