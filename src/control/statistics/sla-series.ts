/** Records of minutes as the series of points that the platform tells (documented: `{timestamp, value}`, -1 where there is nothing). */
import * as z from 'zod/mini';
import type { StatisticsRecord } from '../../catalog/records.ts';

export interface Span {
	readonly fromMs: number;
	readonly toMs: number;
	readonly stepMs: number;
}

export interface Point {
	/** Milliseconds since 1970: where its step begins. */
	readonly timestamp: number;
	readonly value: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Points of every series (ours); minutes are kept for 31 days. */
const POINTS_MAX = 1500;

/** Steps of one minute up to three hours, of 30 minutes up to a day, of 180 beyond (documented for instance reports; the first ours). */
export function spanOf(fromMs: number, toMs: number): Span {
	const length = toMs - fromMs;
	const stepMs = length <= 3 * HOUR_MS ? MINUTE_MS : length <= DAY_MS ? 30 * MINUTE_MS : 180 * MINUTE_MS;
	const end = Math.floor(toMs / stepMs) * stepMs + stepMs;
	const begin = Math.max(Math.floor(fromMs / stepMs) * stepMs + stepMs, end - POINTS_MAX * stepMs);
	return { fromMs: Math.min(begin, end - stepMs), toMs: end, stepMs };
}

type Value = (records: readonly StatisticsRecord[]) => number;

const sum =
	(of: (record: StatisticsRecord) => number): Value =>
	(records) =>
		records.reduce((total, record) => total + of(record), 0);
const highest =
	(of: (record: StatisticsRecord) => number): Value =>
	(records) =>
		Math.max(...records.map(of));

const SERIES = {
	count: sum(({ count }) => count),
	duration: (records) => average(records),
	fail_count: sum(({ failCount }) => failCount),
	max_duration: highest(({ durationMsMax }) => durationMsMax),
	min_duration: (records) => shortest(records),
	reject_count: sum(({ rejectCount }) => rejectCount),
	function_error_count: sum(({ functionErrorCount }) => functionErrorCount),
	system_error_count: sum(({ systemErrorCount }) => systemErrorCount),
	concurrency_num: highest(({ concurrencyMax }) => concurrencyMax),
	instance_num: highest(({ instancesMax }) => instancesMax),
} as const satisfies Record<string, Value>;

export type SeriesName = keyof typeof SERIES;

export function series(
	names: readonly SeriesName[],
	records: readonly StatisticsRecord[],
	span: Span,
): Record<string, readonly Point[]> {
	const steps = new Map<number, StatisticsRecord[]>();
	for (const record of records) {
		const begin = Math.floor(record.minuteMs / span.stepMs) * span.stepMs;
		const step = steps.get(begin);
		if (step === undefined) steps.set(begin, [record]);
		else step.push(record);
	}
	return Object.fromEntries(
		names.map((name) => [
			name,
			points(span, (begin) => {
				const step = steps.get(begin);
				return step === undefined ? NOTHING : round(SERIES[name](step));
			}),
		]),
	);
}

/** Known for now only: one value in the last step. */
export function nowSeries(value: number, span: Span): readonly Point[] {
	return points(span, (begin) => (begin === span.toMs - span.stepMs ? value : NOTHING));
}

export function pointsSchema() {
	return z.array(z.object({ timestamp: z.number(), value: z.number() }));
}

/** Of how many minutes a path or a query speaks. */
export function minutesSchema() {
	return z.optional(z.string().check(z.regex(/^\d{1,6}$/)));
}

function points({ fromMs, toMs, stepMs }: Span, value: (begin: number) => number): readonly Point[] {
	const length = Math.max(0, Math.round((toMs - fromMs) / stepMs));
	return Array.from({ length }, (_, index) => {
		const timestamp = fromMs + index * stepMs;
		return { timestamp, value: value(timestamp) };
	});
}

function average(records: readonly StatisticsRecord[]): number {
	const count = SERIES.count(records);
	return count === 0 ? NOTHING : sum(({ durationMs }) => durationMs)(records) / count;
}

function shortest(records: readonly StatisticsRecord[]): number {
	const used = records.filter(({ count }) => count > 0);
	return used.length === 0 ? NOTHING : Math.min(...used.map(({ durationMsMin }) => durationMsMin));
}

function round(value: number): number {
	return Math.round(value * 1000) / 1000;
}

const NOTHING = -1;
