/** APIG, DEDICATEDGATEWAY and APIC triggers: what leads requests of the gateway to a function. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import {
	type FunctionRecord,
	TRIGGER_TYPES,
	type TriggerRecord,
	type TriggerType,
} from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { kindOf } from '../../contract/kind-of.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { judgeEventData } from './judge-event-data.ts';
import { listAllTriggers, listTriggersQuery, triggerPageSchema } from './list-all-triggers.ts';
import { triggerAnswer } from './trigger-answer.ts';
import {
	type CreateTriggerBody,
	createTriggerSchema,
	triggerSchema,
	type UpdateTriggerBody,
	updateTriggerSchema,
} from './trigger-schemas.ts';

const ALL = '/v2/{project_id}/fgs/triggers/{function_urn}';
const ONE = `${ALL}/{trigger_type_code}/{trigger_id}`;
/** Of one version or alias (documented). */
const TRIGGERS_MAX = 10;

export const TRIGGER_OPERATIONS: readonly Operation[] = [
	{
		id: 'createFunctionTrigger',
		method: 'POST',
		path: ALL,
		summary: 'Create a trigger: requests that lead to a version or an alias.',
		right: 'deploy',
		body: createTriggerSchema,
		answer: { status: 201, schema: triggerSchema },
		run: create,
	},
	{
		id: 'listTriggers',
		method: 'GET',
		path: '/v2/{project_id}/fgs/triggers',
		summary: 'List the triggers of all functions, in pages (as the Terraform provider asks for them).',
		right: 'read',
		query: listTriggersQuery,
		answer: { status: 200, schema: triggerPageSchema },
		run: listAllTriggers,
	},
	{
		id: 'listFunctionTriggers',
		method: 'GET',
		path: ALL,
		summary: 'List the triggers of a function, or of one version or alias.',
		right: 'read',
		answer: { status: 200, schema: () => z.array(triggerSchema()) },
		run: list,
	},
	{
		id: 'batchDeleteFunctionTriggers',
		method: 'DELETE',
		path: ALL,
		summary: 'Delete the triggers of a function, or of one version or alias.',
		right: 'deploy',
		answer: { status: 204 },
		run: removeAll,
	},
	{
		id: 'showFunctionTrigger',
		method: 'GET',
		path: ONE,
		summary: 'Show a trigger.',
		right: 'read',
		answer: { status: 200, schema: triggerSchema },
		run: show,
	},
	{
		id: 'updateTrigger',
		method: 'PUT',
		path: ONE,
		summary: 'Change a trigger: what is left out stays as it is.',
		right: 'deploy',
		body: updateTriggerSchema,
		answer: { status: 200, schema: triggerSchema },
		run: update,
	},
	{
		id: 'deleteFunctionTrigger',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a trigger.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

/**
 * Throws ERR_TRIGGER_TYPE, ERR_TRIGGER_INVALID, ERR_TRIGGER_LIMIT, ERR_TRIGGER_PATH_TAKEN, ERR_VERSION_NOT_FOUND,
 * ERR_ALIAS_NOT_FOUND, and as findFunction.
 */
function create(call: Call): Answer {
	const body = call.body as CreateTriggerBody;
	const { triggers } = call.context.catalog;
	const { record, qualifier: named } = findFunction(call);
	const type = judgeType(body.trigger_type_code);
	const qualifier = named === 'latest' ? (body.event_data.func_info?.version ?? named) : named;
	const count = triggers.list(record.id, qualifier).length;
	if (count >= TRIGGERS_MAX) {
		throw new RuntimeError(
			'ERR_TRIGGER_LIMIT',
			`${record.name}:${qualifier} has ${count} triggers, the most that a version or an alias may have`,
		);
	}
	const id = randomUUID();
	const apiId = randomUUID().replaceAll('-', '');
	const { region } = call.context;
	const way = judgeEventData(body.event_data, { id, type, record, apiId, region });
	requireAuthorizer(call, record, way);
	const status = body.trigger_status ?? 'ACTIVE';
	const trigger = triggers.create(record.id, { id, qualifier, type, status, ...way });
	return { body: triggerAnswer(call.context, record, trigger) };
}

function list(call: Call): Answer {
	const { record, qualifier } = findFunction(call);
	const found = call.context.catalog.triggers.list(record.id, limitOf(qualifier));
	return { body: found.map((trigger) => triggerAnswer(call.context, record, trigger)) };
}

function removeAll(call: Call): Answer {
	const { record, qualifier } = findFunction(call);
	call.context.catalog.triggers.removeAll(record.id, limitOf(qualifier));
	return {};
}

function show(call: Call): Answer {
	const { record, trigger } = findTrigger(call);
	return { body: triggerAnswer(call.context, record, trigger) };
}

function update(call: Call): Answer {
	const body = call.body as UpdateTriggerBody;
	const { record, trigger } = findTrigger(call);
	const { id, type, eventData } = trigger;
	const changes = Array.isArray(body.event_data)
		? Object.assign({}, ...body.event_data)
		: (body.event_data ?? {});
	const { sl_domain: domain, ...before } = eventData;
	// The domain of another group is another one.
	const moved = changes.group_id !== undefined && changes.group_id !== trigger.groupId;
	const merged = {
		...before,
		...(moved ? {} : { sl_domain: domain }),
		...changes,
		func_info: { ...(eventData.func_info as object), ...changes.func_info },
	};
	const place = { id, type, record, apiId: String(eventData.api_id), region: call.context.region };
	const way = judgeEventData(merged, place);
	requireAuthorizer(call, record, way);
	const status = body.trigger_status ?? trigger.status;
	const changed = call.context.catalog.triggers.update(record.id, id, { ...way, status });
	return { body: triggerAnswer(call.context, record, changed) };
}

function remove(call: Call): Answer {
	const { record, trigger } = findTrigger(call);
	call.context.catalog.triggers.remove(record.id, trigger.id);
	return {};
}

/** Throws ERR_AUTHORIZER_NOT_FOUND. */
function requireAuthorizer(
	{ context }: Call,
	{ project }: FunctionRecord,
	{ auth, eventData }: Pick<TriggerRecord, 'auth' | 'eventData'>,
): void {
	if (auth === 'AUTHORIZER') context.catalog.authorizers.require(project, String(eventData.authorizer_id));
}

/** Throws ERR_TRIGGER_NOT_FOUND (documented: FSS.1131), and as findFunction. */
function findTrigger(call: Call): { readonly record: FunctionRecord; readonly trigger: TriggerRecord } {
	const { record } = findFunction(call);
	const { trigger_id: id = '', trigger_type_code: type = '' } = call.parameters;
	const trigger = call.context.catalog.triggers.require(record.id, id);
	if (trigger.type === type) return { record, trigger };
	const found = `trigger ${id} has the type ${trigger.type}`;
	throw new RuntimeError('ERR_TRIGGER_NOT_FOUND', `${found}, and the path says ${kindOf(type)}`);
}

function judgeType(found: string): TriggerType {
	const type = TRIGGER_TYPES.find((known) => known === found);
	if (type !== undefined) return type;
	throw new RuntimeError(
		'ERR_TRIGGER_TYPE',
		`trigger_type_code: found ${kindOf(found)}, wanted APIG, DEDICATEDGATEWAY or APIC: HTTP functions answer requests and have no other triggers`,
	);
}

/** A version or an alias in the URN limits a list to it; `latest` does not (documented for deleting). */
function limitOf(qualifier: string): string | undefined {
	return qualifier === 'latest' ? undefined : qualifier;
}
