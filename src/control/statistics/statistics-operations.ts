/** What became of requests: by function and by project, minute by minute and by month. */
import * as z from 'zod/mini';
import type { FunctionRecord, StatisticsRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { digits, momentDigits } from '../paging/page.ts';
import { functionReport, functionReportQuery, functionReportSchema } from './function-report.ts';
import {
	minutesSchema,
	nowSeries,
	pointsSchema,
	type SeriesName,
	type Span,
	series,
	spanOf,
} from './sla-series.ts';

const FUNCTION = '/v2/{project_id}/fgs/functions/{func_urn}';
const MINUTE_MS = 60_000;
/** Minutes that are kept: 31 days. */
const MINUTES_MAX = 44_640;
const MINUTES_DEFAULT = 1440;

const STATISTICS = [
	'count',
	'duration',
	'fail_count',
	'max_duration',
	'min_duration',
	'reject_count',
	'function_error_count',
	'system_error_count',
	'concurrency_num',
] as const satisfies readonly SeriesName[];
const METRICS = [...STATISTICS, 'instance_num'] as const satisfies readonly SeriesName[];

export const STATISTICS_OPERATIONS: readonly Operation[] = [
	{
		id: 'listStatistics',
		method: 'GET',
		path: '/v2/{project_id}/fgs/functions/statistics',
		summary: 'Tell what the project used, by month and in the last minutes.',
		right: 'read',
		query: () =>
			z.looseObject({
				filter: z.optional(z.enum(['monitor_data', 'monthly_report'])),
				period: minutesSchema(),
				option: z.optional(z.string()),
			}),
		answer: { status: 200, schema: projectSchema },
		run: ofProject,
	},
	{
		id: 'listFunctionAsMetric',
		method: 'GET',
		path: '/v2/{project_id}/fgs/function/report',
		summary: 'List the functions that have most of something, such as failures.',
		right: 'read',
		query: functionReportQuery,
		answer: { status: 200, schema: functionReportSchema },
		run: functionReport,
	},
	{
		id: 'listFunctionStatistics',
		method: 'GET',
		path: `${FUNCTION}/statistics/{period}`,
		summary: 'Tell what became of the requests of a function in the last minutes.',
		right: 'read',
		answer: { status: 200, schema: () => seriesSchema(STATISTICS) },
		run: (call) => ofFunction(call, STATISTICS),
	},
	{
		id: 'showFunctionMetrics',
		method: 'GET',
		path: `${FUNCTION}/slareports/{period}`,
		summary:
			'Tell what became of the requests of a function in the last minutes, and how many instances it had.',
		right: 'read',
		answer: { status: 200, schema: () => seriesSchema(METRICS) },
		run: (call) => ofFunction(call, METRICS),
	},
	{
		id: 'showFuncReservedInstanceMetrics',
		method: 'GET',
		path: `${FUNCTION}/instancereports`,
		summary: 'Tell how many instances a function had.',
		right: 'read',
		query: () =>
			z.looseObject({
				marker: digits(),
				limit: digits(),
				start_time: momentDigits(),
				end_time: momentDigits(),
			}),
		answer: {
			status: 200,
			schema: () => z.object({ instance_num: pointsSchema(), reserved_instance_num: pointsSchema() }),
		},
		run: ofInstances,
	},
];

function seriesSchema(names: readonly SeriesName[]) {
	const shape = Object.fromEntries([...names, 'reserved_instance_num'].map((name) => [name, pointsSchema()]));
	return z.object(shape);
}

function projectSchema() {
	const months = z.optional(z.array(z.object({ date: z.string(), value: z.number() })));
	return z.object({
		count: months,
		gbs: months,
		gpu_gbs: months,
		statistics: z.optional(seriesSchema(STATISTICS)),
	});
}

/** Without a filter all of it is told (documented). */
function ofProject({ context, parameters, query }: Call): Answer {
	const { filter, period } = query as { readonly filter?: string; readonly period?: string };
	const { project_id: project = '' } = parameters;
	const { extras } = context.catalog;
	const months = extras.months(project);
	const monthly = {
		count: months.map(({ month, count }) => ({ date: month, value: count })),
		gbs: months.map(({ month, gbSeconds }) => ({ date: month, value: gbSeconds })),
		gpu_gbs: [],
	};
	const span = lastMinutes(context.now(), period);
	const records = extras.statisticsOfProject(project, span.fromMs, span.toMs);
	const reserved = extras.reservedTotal(project).instances;
	const statistics = {
		...series(STATISTICS, records, span),
		reserved_instance_num: nowSeries(reserved, span),
	};
	return {
		body: {
			...(filter === 'monitor_data' ? {} : monthly),
			...(filter === 'monthly_report' ? {} : { statistics }),
		},
	};
}

function ofFunction(call: Call, names: readonly SeriesName[]): Answer {
	const { record } = findFunction(call);
	const span = lastMinutes(call.context.now(), call.parameters.period);
	const told = series(names, recordsOf(call, record, span), span);
	return { body: { ...told, reserved_instance_num: nowSeries(reservedOf(call, record), span) } };
}

function ofInstances(call: Call): Answer {
	const { record } = findFunction(call);
	const query = call.query as { readonly start_time?: string; readonly end_time?: string };
	const toMs = Number(query.end_time ?? call.context.now());
	const fromMs = Number(query.start_time ?? toMs - MINUTES_DEFAULT * MINUTE_MS);
	if (fromMs >= toMs) {
		throw new RuntimeError(
			'ERR_BODY_INVALID',
			`query.start_time: found ${fromMs}, wanted one before end_time, which is ${toMs}`,
		);
	}
	const span = spanOf(fromMs, toMs);
	const { instance_num = [] } = series(['instance_num'], recordsOf(call, record, span), span);
	return { body: { instance_num, reserved_instance_num: nowSeries(reservedOf(call, record), span) } };
}

function recordsOf(
	{ context }: Call,
	{ id }: FunctionRecord,
	{ fromMs, toMs }: Span,
): readonly StatisticsRecord[] {
	return context.catalog.extras.statistics(id, fromMs, toMs);
}

/** What is reserved now: what was before is not kept. */
function reservedOf({ context }: Call, { id }: FunctionRecord): number {
	return context.catalog.extras.reservedOf(id).reduce((sum, { count }) => sum + count, 0);
}

/** Throws ERR_BODY_INVALID. */
function lastMinutes(nowMs: number, period: string | undefined): Span {
	const minutes = period === undefined ? MINUTES_DEFAULT : Number(period);
	if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX)
		return spanOf(nowMs - minutes * MINUTE_MS, nowMs);
	throw new RuntimeError(
		'ERR_BODY_INVALID',
		`period: found ${JSON.stringify(period)}, wanted whole minutes from 1 to ${MINUTES_MAX}`,
	);
}
