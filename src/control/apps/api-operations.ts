/** APIs as clients of the platform's gateway look for them. They are made by triggers: here they are only read. */
import * as z from 'zod/mini';
import { stageOf } from '../../catalog/trigger-stage.ts';
import { GATEWAY, listOf, listSchema, offsetFields } from '../gateway-lists.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { requireApi } from '../require-api.ts';
import { timeText } from '../time-text.ts';
import { everyTrigger, type OwnedTrigger } from '../triggers/every-trigger.ts';
import { urnOf } from '../urn-of.ts';

const ALL = `${GATEWAY}/apis`;

interface ApiQuery {
	/** Of the app that is not let in yet. */
	readonly app_id?: string;
	readonly id?: string;
	readonly api_id?: string;
	/** A part of the name. */
	readonly name?: string;
	readonly api_name?: string;
	readonly group_id?: string;
	readonly env_id?: string;
	readonly auth_type?: string;
}

export const API_OPERATIONS: readonly Operation[] = [
	{
		id: 'listApisV2',
		method: 'GET',
		path: ALL,
		summary: 'List the APIs that triggers have published.',
		right: 'read',
		query: () => z.looseObject(filterFields()),
		answer: { status: 200, schema: () => listSchema('apis', apiSchema()) },
		run: list,
	},
	{
		id: 'showDetailsOfApiV2',
		method: 'GET',
		path: `${ALL}/{api_id}`,
		summary: 'Show an API that a trigger has published.',
		right: 'read',
		answer: { status: 200, schema: apiSchema },
		run: (call) => ({ body: shown(call, requireApi(call, call.parameters.api_id ?? '')) }),
	},
	{
		id: 'listApisUnbindedToAppV2',
		method: 'GET',
		path: `${GATEWAY}/app-auths/unbinded-apis`,
		summary: 'List the APIs with auth APP that an app may not call.',
		right: 'read',
		query: () => z.looseObject({ ...filterFields(), app_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('apis', apiSchema()) },
		run: listUnbound,
	},
];

function filterFields() {
	const text = () => z.optional(z.string());
	return {
		...offsetFields(),
		id: text(),
		api_id: text(),
		name: text(),
		api_name: text(),
		group_id: text(),
		env_id: text(),
		auth_type: text(),
	};
}

function apiSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		remark: z.string(),
		type: z.number(),
		version: z.string(),
		status: z.literal([1, 2]),
		group_id: z.string(),
		group_name: z.string(),
		req_protocol: z.string(),
		req_method: z.string(),
		req_uri: z.string(),
		match_mode: z.string(),
		auth_type: z.string(),
		auth_opt: z.object({ app_code_auth_type: z.string() }),
		authorizer_id: z.optional(z.string()),
		backend_type: z.literal('FUNCTION'),
		func_info: z.object({ function_urn: z.string(), invocation_type: z.string() }),
		run_env_id: z.string(),
		run_env_name: z.string(),
		publish_id: z.string(),
		register_time: z.string(),
		update_time: z.string(),
	});
}

async function list(call: Call): Promise<Answer> {
	const found = await matching(call);
	return { body: listOf('apis', found, call.query, (one) => shown(call, one)) };
}

/** Throws ERR_APP_NOT_FOUND. */
async function listUnbound(call: Call): Promise<Answer> {
	const { apps } = call.context.catalog;
	const { app_id: appId = '' } = call.query as ApiQuery;
	apps.require(call.parameters.project_id ?? '', appId);
	const bound = new Set(apps.grants({ appId }).map(({ apiId }) => apiId));
	const found = (await matching(call)).filter(
		({ trigger: { auth, eventData } }) => auth === 'APP' && !bound.has(String(eventData.api_id)),
	);
	return { body: listOf('apis', found, call.query, (one) => shown(call, one)) };
}

async function matching({ context, parameters, query }: Call): Promise<readonly OwnedTrigger[]> {
	const wanted = query as ApiQuery;
	const id = wanted.id ?? wanted.api_id;
	const name = wanted.name ?? wanted.api_name ?? '';
	const all = await everyTrigger(context.catalog, parameters.project_id ?? '');
	return all.filter(
		({ trigger: { auth, groupId, eventData } }) =>
			is(id, eventData.api_id) &&
			String(eventData.name).includes(name) &&
			is(wanted.group_id, groupId) &&
			is(wanted.env_id, eventData.env_id) &&
			is(wanted.auth_type, auth),
	);
}

/** An empty text asks for nothing: that is how clients leave a filter out. */
function is(wanted: string | undefined, found: unknown): boolean {
	return wanted === undefined || wanted === '' || wanted === found;
}

function shown({ context }: Call, { owner, trigger }: OwnedTrigger): object {
	const { eventData, auth } = trigger;
	const id = String(eventData.api_id);
	return {
		id,
		name: String(eventData.name),
		remark: '',
		type: eventData.type === 2 ? 2 : 1,
		version: 'V0.0.1',
		status: trigger.status === 'ACTIVE' ? 1 : 2,
		group_id: trigger.groupId,
		group_name: String(eventData.group_name),
		req_protocol: String(eventData.protocol),
		req_method: String(eventData.req_method),
		req_uri: trigger.path,
		match_mode: String(eventData.match_mode),
		auth_type: auth,
		auth_opt: { app_code_auth_type: auth === 'APP' ? 'HEADER' : 'DISABLE' },
		...(auth === 'AUTHORIZER' ? { authorizer_id: String(eventData.authorizer_id) } : {}),
		backend_type: 'FUNCTION',
		func_info: { function_urn: urnOf(context, owner, trigger.qualifier), invocation_type: 'sync' },
		run_env_id: String(eventData.env_id),
		run_env_name: stageOf(trigger),
		// An API is published as long as its trigger is there: once, under its own id.
		publish_id: id,
		register_time: timeText(trigger.createdMs),
		update_time: timeText(trigger.modifiedMs),
	};
}
