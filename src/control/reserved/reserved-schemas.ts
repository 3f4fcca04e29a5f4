/** Reserved instances as clients send and get them (documented). */
import * as z from 'zod/mini';
import { LIMITS } from '../../contract/limits.ts';
import { checkCron } from '../../pool/cron-tactics.ts';
import { pageInfoSchema } from '../paging/page.ts';

const count = () => z.int().check(z.gte(0), z.lte(LIMITS.instancesMax));
/** Of tactics_config as JSON (ours). */
const TACTICS_CHARS_MAX = 65_536;
/** Of one expression (ours). */
const CRON_CHARS_MAX = 256;
/** Seconds since 1970. */
const moment = () => z.int().check(z.gte(0), z.lte(9_999_999_999));

export function reservedBodySchema() {
	return z.looseObject({
		count: count(),
		idle_mode: z.optional(z.boolean()),
		tactics_config: z.optional(
			z.nullable(
				tacticsSchema().check(
					z.refine(
						(tactics) => JSON.stringify(tactics).length <= TACTICS_CHARS_MAX,
						`wanted at most ${TACTICS_CHARS_MAX} characters`,
					),
				),
			),
		),
	});
}

/** Cron tactics are acted on; metric tactics are kept and told, and not acted on. */
function tacticsSchema() {
	return z.looseObject({
		cron_configs: z.optional(
			z.array(cronSchema()).check(
				// Before those that take longer, the more tactics there are.
				z.maxLength(LIMITS.tacticsMax, { abort: true }),
				z.refine(
					(tactics) => new Set(tactics.map(({ name }) => name)).size === tactics.length,
					'wanted each name once',
				),
				judgeCrons,
			),
		),
		metric_configs: z.optional(z.array(z.looseObject({})).check(z.maxLength(LIMITS.tacticsMax))),
	});
}

function cronSchema() {
	const fields = z.looseObject({
		name: z.string().check(z.minLength(1), z.maxLength(LIMITS.nameCharsMax)),
		cron: z.string().check(z.maxLength(CRON_CHARS_MAX)),
		count: count(),
		start_time: moment(),
		expired_time: moment(),
	});
	return fields.check(
		z.refine(
			(tactic) => tactic.start_time < tactic.expired_time,
			'wanted an expired_time later than start_time',
		),
	);
}

/** To find out that an expression names no moment takes milliseconds. */
function judgeCrons(payload: z.core.ParsePayload<readonly { readonly cron: string }[]>): void {
	for (const [index, { cron: input }] of payload.value.entries()) {
		if (checkCron(input) === null) continue;
		const message = 'wanted one such as cron(0 0 8 * * ?)';
		payload.issues.push({ code: 'custom', path: [index, 'cron'], input, message });
	}
}

export function reservedAnswerSchema() {
	return z.object({
		count: z.number(),
		idle_mode: z.boolean(),
		tactics_config: z.optional(tacticsAnswerSchema()),
	});
}

export function reservedConfigsSchema() {
	const entry = z.object({
		function_urn: z.string(),
		qualifier_type: z.enum(['version', 'alias']),
		qualifier_name: z.string(),
		min_count: z.number(),
		idle_mode: z.boolean(),
		tactics_config: tacticsAnswerSchema(),
	});
	return z.object({
		reserved_instances: z.array(entry),
		page_info: pageInfoSchema(),
		count: z.number(),
	});
}

export function reservedListSchema() {
	const entry = z.object({ func_urn: z.string(), count: z.number() });
	return z.object({ reservedinstances: z.array(entry), page_info: pageInfoSchema(), count: z.number() });
}

function tacticsAnswerSchema() {
	return z.looseObject({
		cron_configs: z.optional(z.array(z.looseObject({}))),
		metric_configs: z.optional(z.array(z.looseObject({}))),
	});
}

export type ReservedBody = z.output<ReturnType<typeof reservedBodySchema>>;
