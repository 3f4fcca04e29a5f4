/** Which APIs a throttling policy holds for, and which apps have limits of their own there. */
import * as z from 'zod/mini';
import type { PolicyBindingRecord } from '../../catalog/policy-records.ts';
import type { ThrottleRecord, ThrottleSpecialRecord } from '../../catalog/throttle-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { GATEWAY, listOf, listQuery, listSchema, offsetFields } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { BOUND_APIS_MAX, bindPolicy, boundApi, boundTo } from './bind-policy.ts';
import { shownPolicy, throttleOf } from './throttle-operations.ts';

const BINDINGS = `${GATEWAY}/throttle-bindings`;
const SPECIALS = `${GATEWAY}/throttles/{throttle_id}/throttle-specials`;

export const THROTTLE_BINDING_OPERATIONS: readonly Operation[] = [
	{
		id: 'associateRequestThrottlingPolicyV2',
		method: 'POST',
		path: BINDINGS,
		summary: 'Bind a throttling policy to APIs; each leaves the one it had.',
		right: 'deploy',
		body: () =>
			z.looseObject({
				strategy_id: z.string(),
				publish_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(BOUND_APIS_MAX)),
			}),
		answer: {
			status: 201,
			schema: () => z.object({ throttle_applys: z.array(z.looseObject({ id: z.string() })) }),
		},
		run: bind,
	},
	{
		id: 'disassociateRequestThrottlingPolicyV2',
		method: 'DELETE',
		path: `${BINDINGS}/{throttle_binding_id}`,
		summary: 'Unbind a throttling policy from an API.',
		right: 'deploy',
		answer: { status: 204 },
		run: unbind,
	},
	{
		id: 'listRequestThrottlingPoliciesBindedToApiV2',
		method: 'GET',
		path: `${BINDINGS}/binded-throttles`,
		summary: 'List the throttling policy of an API.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), api_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('throttles', z.looseObject({ id: z.string() })) },
		run: listThrottles,
	},
	{
		id: 'listApisBindedToRequestThrottlingPolicyV2',
		method: 'GET',
		path: `${BINDINGS}/binded-apis`,
		summary: 'List the APIs of a throttling policy.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), throttle_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('apis', z.looseObject({ id: z.string() })) },
		run: listApis,
	},
	{
		id: 'createSpecialThrottlingConfigurationV2',
		method: 'POST',
		path: SPECIALS,
		summary: 'Give an app a limit of its own.',
		right: 'deploy',
		body: () =>
			z.looseObject({
				object_type: z.literal('APP'),
				object_id: z.string(),
				call_limits: limitSchema(),
			}),
		answer: { status: 201, schema: specialSchema },
		run: addSpecial,
	},
	{
		id: 'listSpecialThrottlingConfigurationsV2',
		method: 'GET',
		path: SPECIALS,
		summary: 'List the apps with limits of their own.',
		right: 'read',
		query: listQuery,
		answer: { status: 200, schema: () => listSchema('throttle_specials', specialSchema()) },
		run: listSpecials,
	},
	{
		id: 'updateSpecialThrottlingConfigurationV2',
		method: 'PUT',
		path: `${SPECIALS}/{strategy_id}`,
		summary: 'Change the limit of its own that an app has.',
		right: 'deploy',
		body: () => z.looseObject({ call_limits: limitSchema() }),
		answer: { status: 200, schema: specialSchema },
		run: changeSpecial,
	},
	{
		id: 'deleteSpecialThrottlingConfigurationV2',
		method: 'DELETE',
		path: `${SPECIALS}/{strategy_id}`,
		summary: 'Take the limit of its own from an app.',
		right: 'deploy',
		answer: { status: 204 },
		run: removeSpecial,
	},
];

function limitSchema() {
	return z.int().check(z.minimum(1));
}

function specialSchema() {
	return z.looseObject({
		id: z.string(),
		object_id: z.string(),
		object_type: z.literal('APP'),
		call_limits: z.number(),
	});
}

function bind(call: Call): Answer {
	const body = call.body as { readonly strategy_id: string; readonly publish_ids: readonly string[] };
	const { throttles } = call.context.catalog;
	const made = bindPolicy(call, throttles, body.strategy_id, body.publish_ids);
	const applied = made.map(({ id, policyId, apiId, createdMs }) => ({
		id,
		publish_id: apiId,
		strategy_id: policyId,
		scope: 1,
		apply_time: timeText(createdMs),
	}));
	return { body: { throttle_applys: applied } };
}

/** Throws ERR_THROTTLE_BINDING_NOT_FOUND. */
function unbind(call: Call): Answer {
	const { throttles } = call.context.catalog;
	const { throttle_binding_id: id = '', project_id: project = '' } = call.parameters;
	if (throttles.findBinding(project, id) === null) {
		throw new RuntimeError(
			'ERR_THROTTLE_BINDING_NOT_FOUND',
			'there is no such binding of a throttling policy',
		);
	}
	throttles.unbind([id]);
	return {};
}

function listThrottles(call: Call): Answer {
	const { api_id: apiId } = call.query as { readonly api_id: string };
	const found = boundTo(call, call.context.catalog.throttles, apiId);
	const shown = ({ policy, binding, stage }: (typeof found)[number]) => ({
		...shownPolicy(policy),
		env_name: stage,
		bind_id: binding.id,
		bind_time: timeText(binding.createdMs),
	});
	return { body: listOf('throttles', found, call.query, shown) };
}

function listApis(call: Call): Answer {
	const { throttles } = call.context.catalog;
	const { throttle_id: policyId } = call.query as { readonly throttle_id: string };
	const { name } = throttles.require(call.parameters.project_id ?? '', policyId);
	const shown = (binding: PolicyBindingRecord) => ({
		...boundApi(call, binding),
		throttle_apply_id: binding.id,
		throttle_name: name,
	});
	return { body: listOf('apis', throttles.bindings({ policyId }), call.query, shown) };
}

/** Throws ERR_APP_NOT_FOUND, ERR_THROTTLE_SPECIAL_EXISTS, ERR_BODY_INVALID where the limit is above that of the API. */
function addSpecial(call: Call): Answer {
	const { apps, throttles } = call.context.catalog;
	const throttle = throttleOf(call);
	const { object_id: appId, call_limits: limit } = call.body as {
		readonly object_id: string;
		readonly call_limits: number;
	};
	apps.require(throttle.project, appId);
	judgeLimit(throttle, limit);
	const made = throttles.addSpecial({ id: newGatewayId(), throttleId: throttle.id, appId, limit });
	return { body: special(call, made) };
}

function listSpecials(call: Call): Answer {
	const found = call.context.catalog.throttles.specials(throttleOf(call).id);
	return { body: listOf('throttle_specials', found, call.query, (one) => special(call, one)) };
}

/** Throws ERR_THROTTLE_SPECIAL_NOT_FOUND, ERR_BODY_INVALID where the limit is above that of the API. */
function changeSpecial(call: Call): Answer {
	const { call_limits: limit } = call.body as { readonly call_limits: number };
	const found = specialOf(call);
	judgeLimit(throttleOf(call), limit);
	call.context.catalog.throttles.changeSpecial(found.id, limit);
	return { body: special(call, { ...found, limit }) };
}

/** Throws ERR_THROTTLE_SPECIAL_NOT_FOUND. */
function removeSpecial(call: Call): Answer {
	call.context.catalog.throttles.removeSpecial(specialOf(call).id);
	return {};
}

function specialOf(call: Call): ThrottleSpecialRecord {
	const { strategy_id: id } = call.parameters;
	const found = call.context.catalog.throttles.specials(throttleOf(call).id).find((one) => one.id === id);
	if (found !== undefined) return found;
	throw new RuntimeError('ERR_THROTTLE_SPECIAL_NOT_FOUND', 'no app has such a limit of its own there');
}

function judgeLimit({ apiLimit }: ThrottleRecord, limit: number): void {
	if (limit <= apiLimit) return;
	const message = `call_limits is ${limit}; wanted at most ${apiLimit}, the limit of the API`;
	throw new RuntimeError('ERR_BODY_INVALID', message);
}

function special({ context }: Call, { id, throttleId, appId, limit, createdMs }: ThrottleSpecialRecord) {
	const name = context.catalog.apps.find(appId)?.name ?? '';
	const object = { object_id: appId, object_type: 'APP', object_name: name, app_id: appId, app_name: name };
	return { id, throttle_id: throttleId, call_limits: limit, apply_time: timeText(createdMs), ...object };
}
