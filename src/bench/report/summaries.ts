import type { BenchRecord, Measure } from '../bench-record.ts';
import { type Interval, medianInterval } from '../statistics.ts';

/** A measure, with what its rounds come to. */
export interface Summary extends Interval {
	readonly measure: Measure;
}

export type Summaries = ReadonlyMap<string, Summary>;

const NO_FIGURE: Interval = { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };

/** Of every measure of a record, by its id, in the record's order. */
export function summariesOf(record: BenchRecord): Summaries {
	return new Map(
		record.measures.map((measure) => {
			const interval = measure.rounds.length === 0 ? NO_FIGURE : medianInterval(measure.rounds);
			return [measure.id, { measure, ...interval }];
		}),
	);
}

/** What a plot is drawn from. */
export interface Runs {
	readonly after: Summaries;
	/** Empty where there is none, or where its machine was another one: then only ratios tell anything. */
	readonly before: Summaries;
}
