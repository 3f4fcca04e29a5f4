import * as z from 'zod/mini';
import type { StatisticsRecord } from '../../catalog/records.ts';
import type { Answer, Call } from '../operation.ts';
import { everyFunction } from '../paging/every-function.ts';
import { digits, momentDigits } from '../paging/page.ts';
import { urnOf } from '../urn-of.ts';

const DAY_MS = 86_400_000;
/** Functions told where the client does not say how many (documented), and the most. */
const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

const METRICS = {
	failcount: ({ failCount }) => failCount,
	count: ({ count }) => count,
	duration: ({ durationMs }) => durationMs,
	rejectcount: ({ rejectCount }) => rejectCount,
	functionerrorcount: ({ functionErrorCount }) => functionErrorCount,
	systemerrorcount: ({ systemErrorCount }) => systemErrorCount,
} as const satisfies Record<string, (record: StatisticsRecord) => number>;

type Metric = keyof typeof METRICS;

export function functionReportQuery() {
	return z.looseObject({
		type: z.optional(z.enum(Object.keys(METRICS) as [Metric, ...Metric[]])),
		start_time: momentDigits(),
		end_time: momentDigits(),
		limit: digits(),
	});
}

export function functionReportSchema() {
	return z.object({
		values: z.array(z.object({ key: z.string(), value: z.number() })),
		count: z.number(),
	});
}

/** By default the ten functions that failed most in the last day (documented). Functions that have none of it are left out. */
export async function functionReport({ context, parameters, query }: Call): Promise<Answer> {
	const { type = 'failcount', ...given } = query as {
		readonly type?: Metric;
		readonly start_time?: string;
		readonly end_time?: string;
		readonly limit?: string;
	};
	const toMs = Number(given.end_time ?? context.now());
	const fromMs = Number(given.start_time ?? toMs - DAY_MS);
	const limit = Math.min(Number(given.limit ?? 0) || LIMIT_DEFAULT, LIMIT_MAX);
	const { project_id: project = '' } = parameters;
	const values: { readonly key: string; readonly value: number }[] = [];
	for await (const record of everyFunction(context.catalog, project)) {
		const total = context.catalog.extras.statisticsTotal(record.id, fromMs, toMs);
		const value = total === null ? 0 : METRICS[type](total);
		if (value > 0) values.push({ key: urnOf(context, record, 'latest'), value });
	}
	const most = values.sort((a, b) => b.value - a.value).slice(0, limit);
	return { body: { values: most, count: most.length } };
}
