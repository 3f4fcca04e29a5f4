/** Throttling policies: how often APIs may be called (the platform's gateway API, "Request Throttling Policy"). */
import * as z from 'zod/mini';
import type { ThrottleRecord } from '../../catalog/throttle-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { chosen, GATEWAY, listOf, listSchema, namedQuery } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { policyName } from './policy-name.ts';

const ALL = `${GATEWAY}/throttles`;
const ONE = `${ALL}/{throttle_id}`;
/** Documented: of intervals and of limits. */
const NUMBER_MAX = 2_147_483_647;

export const THROTTLE_OPERATIONS: readonly Operation[] = [
	{
		id: 'createRequestThrottlingPolicyV2',
		method: 'POST',
		path: ALL,
		summary: 'Create a throttling policy: how often APIs may be called.',
		right: 'deploy',
		body: policySchema,
		answer: { status: 201, schema: throttleSchema },
		run: create,
	},
	{
		id: 'listRequestThrottlingPolicyV2',
		method: 'GET',
		path: ALL,
		summary: 'List throttling policies.',
		right: 'read',
		query: namedQuery,
		answer: { status: 200, schema: () => listSchema('throttles', throttleSchema()) },
		run: list,
	},
	{
		id: 'showDetailsOfRequestThrottlingPolicyV2',
		method: 'GET',
		path: ONE,
		summary: 'Show a throttling policy.',
		right: 'read',
		answer: { status: 200, schema: throttleSchema },
		run: (call) => ({ body: shown(call, throttleOf(call)) }),
	},
	{
		id: 'updateRequestThrottlingPolicyV2',
		method: 'PUT',
		path: ONE,
		summary: 'Change a throttling policy; what is not said of its limits is no limit.',
		right: 'deploy',
		body: policySchema,
		answer: { status: 200, schema: throttleSchema },
		run: update,
	},
	{
		id: 'deleteRequestThrottlingPolicyV2',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a throttling policy and its bindings.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

/** A limit of 0 is none, as the platform's clients write it. */
function policySchema() {
	const number = (least: number) => z.int().check(z.minimum(least), z.maximum(NUMBER_MAX));
	return z.looseObject({
		name: policyName(64),
		remark: z.optional(z.string().check(z.maxLength(255))),
		type: z.optional(z.literal([1, 2])),
		time_interval: number(1),
		time_unit: z.enum(['SECOND', 'MINUTE', 'HOUR', 'DAY']),
		api_call_limits: number(1),
		user_call_limits: z.optional(number(0)),
		app_call_limits: z.optional(number(0)),
		ip_call_limits: z.optional(number(0)),
	});
}

function throttleSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		remark: z.string(),
		type: z.literal([1, 2]),
		time_interval: z.number(),
		time_unit: z.string(),
		api_call_limits: z.number(),
		user_call_limits: z.number(),
		app_call_limits: z.number(),
		ip_call_limits: z.number(),
		enable_adaptive_control: z.literal('FALSE'),
		is_inclu_special_throttle: z.literal([1, 2]),
		bind_num: z.number(),
		create_time: z.string(),
	});
}

/** The policy that the path names. Throws ERR_THROTTLE_NOT_FOUND. */
export function throttleOf({ context, parameters }: Call): ThrottleRecord {
	return context.catalog.throttles.require(parameters.project_id ?? '', parameters.throttle_id ?? '');
}

function create(call: Call): Answer {
	const id = newGatewayId();
	const given = { id, project: call.parameters.project_id ?? '', shared: false, ...judged(call) };
	return { body: shown(call, call.context.catalog.throttles.create(given)) };
}

function list(call: Call): Answer {
	const found = chosen(call.context.catalog.throttles.list(call.parameters.project_id ?? ''), call.query);
	return { body: listOf('throttles', found, call.query, (one) => shown(call, one)) };
}

function update(call: Call): Answer {
	const { project, id } = throttleOf(call);
	return { body: shown(call, call.context.catalog.throttles.update(project, id, judged(call))) };
}

function remove(call: Call): Answer {
	const { project, id } = throttleOf(call);
	call.context.catalog.throttles.remove(project, id);
	return {};
}

/** Documented: no limit is above that of the API, and an app's not above a user's. Throws ERR_BODY_INVALID. */
function judged(call: Call) {
	const body = call.body as z.output<ReturnType<typeof policySchema>>;
	const {
		api_call_limits: api,
		user_call_limits: user = 0,
		app_call_limits: app = 0,
		ip_call_limits: ip = 0,
	} = body;
	if (Math.max(user, app, ip) > api || (user > 0 && app > user)) {
		const found = `api ${api}, user ${user}, app ${app}, ip ${ip}`;
		const message = `the limits do not fit: ${found}; wanted none above api, and app not above user`;
		throw new RuntimeError('ERR_BODY_INVALID', message);
	}
	return {
		name: body.name,
		remark: body.remark ?? '',
		...(body.type === undefined ? {} : { shared: body.type === 2 }),
		interval: body.time_interval,
		unit: body.time_unit,
		apiLimit: api,
		userLimit: user === 0 ? null : user,
		appLimit: app === 0 ? null : app,
		addressLimit: ip === 0 ? null : ip,
	};
}

/** What every answer that holds a policy says of it. */
export function shownPolicy(throttle: ThrottleRecord) {
	return {
		id: throttle.id,
		name: throttle.name,
		type: throttle.shared ? 2 : 1,
		time_interval: throttle.interval,
		time_unit: throttle.unit,
		api_call_limits: throttle.apiLimit,
		user_call_limits: throttle.userLimit ?? 0,
		app_call_limits: throttle.appLimit ?? 0,
		ip_call_limits: throttle.addressLimit ?? 0,
	};
}

function shown({ context }: Call, throttle: ThrottleRecord) {
	const { throttles } = context.catalog;
	const { id, remark } = throttle;
	return {
		...shownPolicy(throttle),
		remark,
		enable_adaptive_control: 'FALSE',
		is_inclu_special_throttle: throttles.specials(id).length > 0 ? 1 : 2,
		bind_num: throttles.bindings({ policyId: id }).length,
		create_time: timeText(throttle.createdMs),
	};
}
