/** Which apps may call which APIs (the platform's word: authorization). */
import * as z from 'zod/mini';
import type { AppGrantRecord } from '../../catalog/app-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { GATEWAY, listOf, listSchema, offsetFields } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { requireApi } from '../require-api.ts';
import { timeText } from '../time-text.ts';

const ALL = `${GATEWAY}/app-auths`;
/** Apps or APIs of one call (ours). */
const IDS_MAX = 100;

export const APP_GRANT_OPERATIONS: readonly Operation[] = [
	{
		id: 'createAuthorizingAppsV2',
		method: 'POST',
		path: ALL,
		summary: 'Let apps call APIs.',
		right: 'deploy',
		body: grantSchema,
		answer: { status: 201, schema: () => z.object({ auths: z.array(grantAnswerSchema()) }) },
		run: grant,
	},
	{
		id: 'cancelingAuthorizationV2',
		method: 'DELETE',
		path: `${ALL}/{app_auth_id}`,
		summary: 'Let an app call an API no more.',
		right: 'deploy',
		answer: { status: 204 },
		run: revoke,
	},
	{
		id: 'listAppsBindedToApiV2',
		method: 'GET',
		path: `${ALL}/binded-apps`,
		summary: 'List the apps that may call an API.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), api_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('auths', grantAnswerSchema()) },
		run: listApps,
	},
	{
		id: 'listApisBindedToAppV2',
		method: 'GET',
		path: `${ALL}/binded-apis`,
		summary: 'List the APIs that an app may call.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), app_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('auths', grantAnswerSchema()) },
		run: listApis,
	},
];

function grantSchema() {
	const ids = () => z.array(z.string()).check(z.minLength(1), z.maxLength(IDS_MAX));
	return z.looseObject({ env_id: z.optional(z.string()), app_ids: ids(), api_ids: ids() });
}

function grantAnswerSchema() {
	return z.object({
		id: z.string(),
		app_id: z.string(),
		app_name: z.string(),
		api_id: z.string(),
		api_name: z.string(),
		auth_result: z.object({ status: z.literal('SUCCESS') }),
		auth_role: z.literal('PROVIDER'),
		auth_tunnel: z.literal('NORMAL'),
		auth_time: z.string(),
	});
}

/** All of them or none. Throws ERR_APP_NOT_FOUND, ERR_API_NOT_FOUND. */
function grant(call: Call): Answer {
	const { apps } = call.context.catalog;
	const body = call.body as z.output<ReturnType<typeof grantSchema>>;
	const project = call.parameters.project_id ?? '';
	for (const id of body.app_ids) apps.require(project, id);
	for (const id of body.api_ids) requireApi(call, id);
	const wanted = body.app_ids.flatMap((appId) =>
		body.api_ids.map((apiId) => ({ id: newGatewayId(), appId, apiId })),
	);
	return { body: { auths: apps.grant(wanted).map((made) => shown(call, made)) } };
}

/** Throws ERR_APP_GRANT_NOT_FOUND. */
function revoke(call: Call): Answer {
	const { apps } = call.context.catalog;
	const { app_auth_id: id = '', project_id: project = '' } = call.parameters;
	const found = apps.findGrant(id);
	if (found === null || apps.find(found.appId)?.project !== project) {
		throw new RuntimeError('ERR_APP_GRANT_NOT_FOUND', 'there is no such authorization of an app');
	}
	apps.revoke(id);
	return {};
}

function listApps(call: Call): Answer {
	const { api_id: apiId } = call.query as { readonly api_id: string };
	requireApi(call, apiId);
	const found = call.context.catalog.apps.grants({ apiId });
	return { body: listOf('auths', found, call.query, (one) => shown(call, one)) };
}

function listApis(call: Call): Answer {
	const { app_id: appId } = call.query as { readonly app_id: string };
	call.context.catalog.apps.require(call.parameters.project_id ?? '', appId);
	const found = call.context.catalog.apps.grants({ appId });
	return { body: listOf('auths', found, call.query, (one) => shown(call, one)) };
}

function shown({ context }: Call, { id, appId, apiId, createdMs }: AppGrantRecord): object {
	const { apps, triggers } = context.catalog;
	return {
		id,
		app_id: appId,
		app_name: apps.find(appId)?.name ?? '',
		api_id: apiId,
		api_name: String(triggers.ofApi(apiId)?.eventData.name ?? ''),
		auth_result: { status: 'SUCCESS' },
		auth_role: 'PROVIDER',
		auth_tunnel: 'NORMAL',
		auth_time: timeText(createdMs),
	};
}
