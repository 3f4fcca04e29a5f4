/** Logs: the newest lines of a function, and what the platform's own log service would be asked for. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { additionalVersions } from '../../catalog/alias-row.ts';
import type { FunctionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { parseFunctionUrn } from '../../contract/function-urn.ts';
import { isObject } from '../../contract/kind-of.ts';
import type { LogLine } from '../../telemetry/recent-lines.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { LineStream } from './line-stream.ts';

const FUNCTION = '/v2/{project_id}/fgs/functions';
const TAIL_DEFAULT = 100;
const TAIL_MAX = 10_000;

export const LOG_OPERATIONS: readonly Operation[] = [
	{
		id: 'followLogs',
		method: 'GET',
		path: '/httpfn/v1/functions/{function_urn}/logs',
		summary:
			'The newest lines of a function, one JSON object a line; with follow=true those to come as well.',
		right: 'read',
		query: () =>
			z.looseObject({
				tail: z.optional(z.string().check(z.regex(/^\d{1,5}$/))),
				follow: z.optional(z.enum(['true', 'false'])),
			}),
		answer: { status: 200, schema: lineSchema },
		run: followLogs,
	},
	{
		id: 'showLtsLogDetails',
		method: 'GET',
		path: `${FUNCTION}/{function_urn}/lts-log-detail`,
		summary: 'Name the log group and stream of a function.',
		right: 'read',
		answer: {
			status: 200,
			schema: () =>
				z.object({
					group_name: z.string(),
					group_id: z.string(),
					stream_id: z.string(),
					stream_name: z.string(),
				}),
		},
		run: showGroup,
	},
	{
		id: 'enableLtsLogs',
		method: 'POST',
		path: `${FUNCTION}/enable-lts-logs`,
		summary: 'Have logs kept: they always are.',
		right: 'deploy',
		answer: { status: 200, schema: () => z.object({}) },
		run: () => ({ body: {} }),
	},
];

function lineSchema() {
	return z.object({
		time: z.string(),
		version: z.string(),
		stream: z.enum(['stdout', 'stderr', 'platform']),
		request_id: z.nullable(z.string()),
		text: z.string(),
	});
}

/** Throws ERR_URN_INVALID, ERR_FUNCTION_NOT_FOUND, ERR_ALIAS_NOT_FOUND, ERR_BODY_INVALID. */
function followLogs(call: Call): Answer {
	const { context } = call;
	const { record, qualifier } = findByUrn(call);
	const query = call.query as { readonly tail?: string; readonly follow?: string };
	const tail = Number(query.tail ?? TAIL_DEFAULT);
	if (tail > TAIL_MAX)
		throw new RuntimeError('ERR_BODY_INVALID', `query.tail: found ${tail}, wanted 0 to ${TAIL_MAX}`);
	const wanted = versionsOf(call, record, qualifier);
	const wants = ({ version }: LogLine): boolean => wanted === null || wanted.has(version);
	return {
		async stream(reply) {
			const lines = new LineStream(reply);
			// In one turn with the tail: no line is told twice, and none is missed between.
			const stops =
				query.follow === 'true'
					? [
							context.lines.follow(record.id, (line) => {
								if (wants(line)) lines.add(line);
							}),
							context.catalog.onChange(({ kind, functionId }) => {
								if (kind === 'removed' && functionId === record.id) lines.end();
							}),
						]
					: [];
			const known = context.lines.tail(record.id, TAIL_MAX).filter(wants);
			const newest = tail === 0 ? [] : known.slice(-tail);
			try {
				reply.head(200, {
					'Content-Type': 'application/x-ndjson',
					'Cache-Control': 'no-store',
					'X-Request-Id': call.requestId,
					'X-Cff-Request-Id': call.requestId,
				});
				await lines.send(newest, query.follow === 'true');
			} finally {
				for (const stop of stops) stop();
			}
		},
	};
}

/** No project stands in the path: the URN has it, or the header that the SDK sends with each call. */
function findByUrn(call: Call): { readonly record: FunctionRecord; readonly qualifier: string } {
	const { context, parameters } = call;
	const { function_urn: text = '' } = parameters;
	const project = call.header('x-project-id') ?? '';
	const urn = parseFunctionUrn(text, { region: context.region, project });
	return findFunction({
		context,
		parameters: { function_urn: text, project_id: urn?.project ?? project },
	});
}

/** Null: all. An alias is all versions that it leads to. */
function versionsOf(
	{ context }: Call,
	{ id }: FunctionRecord,
	qualifier: string,
): ReadonlySet<string> | null {
	if (qualifier === 'latest') return null;
	if (!qualifier.startsWith('!')) return new Set([qualifier]);
	const alias = context.catalog.aliases.require(id, qualifier.slice(1));
	return new Set([alias.version, ...additionalVersions(alias)]);
}

/** What the function was configured with is told back, so that no tool sees a difference; else the names here. */
function showGroup(call: Call): Answer {
	const { record } = findFunction(call);
	const { project, package: app, name, resourceId } = record;
	const config = record.latest.config.kept.log_config;
	const given = isObject(config) ? config : {};
	const group = createHash('sha256').update(`log group of ${project}`).digest('hex').slice(0, 32);
	return {
		body: {
			group_name: textOf(given.group_name, 'httpfn'),
			group_id: textOf(given.group_id, group),
			stream_name: textOf(given.stream_name, `${app}.${name}`),
			stream_id: textOf(given.stream_id, resourceId),
		},
	};
}

function textOf(value: unknown, fallback: string): string {
	return typeof value === 'string' && value !== '' ? value : fallback;
}
