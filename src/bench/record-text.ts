/** A run as a table that a person reads. */
import type { BenchRecord, Comparison, Measure } from './bench-record.ts';
import { percent } from './compare-records.ts';
import { digits } from './report/figure-text.ts';
import { median, medianInterval } from './statistics.ts';

export interface TableText {
	readonly names: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

export function measureTable({ measures }: BenchRecord): TableText {
	const names = ['measure', 'median', '99% of medians within', 'reference', 'beside it'];
	const rows = measures.map((measure) => {
		const { low, high } = medianInterval(measure.rounds);
		const own = median(measure.rounds);
		const within = `${digits(low)} to ${digits(high)}`;
		return [measure.title, `${digits(own)} ${measure.unit}`, within, ...besideReference(measure, own)];
	});
	return { names, rows };
}

/** How many times the reference, and for time what was added to it. */
function besideReference({ reference, unit }: Measure, own: number): readonly [string, string] {
	if (reference.length === 0) return ['', ''];
	const other = median(reference);
	const added = unit === 'ms' && own > other ? ` (+${digits(own - other)} ms)` : '';
	return [`${digits(other)} ${unit}`, `${(own / other).toFixed(2)}×${added}`];
}

export function comparisonTable(comparisons: readonly Comparison[]): TableText {
	const names = ['verdict', 'measure', 'change', '99% of changes within', ''];
	const rows = comparisons.map(({ verdict, title, change, why }) => [
		verdict,
		title,
		change === null ? '' : percent(change.estimate),
		change === null ? '' : `${percent(change.low)} to ${percent(change.high)}`,
		why,
	]);
	return { names, rows };
}
