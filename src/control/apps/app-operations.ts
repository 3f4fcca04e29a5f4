/** Apps: callers of APIs with a key and a secret (the platform's gateway API, "Credential Management"). */
import * as z from 'zod/mini';
import type { AppRecord } from '../../catalog/app-records.ts';
import { chosen, GATEWAY, listOf, listSchema, namedQuery } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';

const ALL = `${GATEWAY}/apps`;
const ONE = `${ALL}/{app_id}`;
/** What stands for a secret where a client may not see it (documented). */
const MASKED = '********';

/** Documented: 3 to 64 letters, digits, hyphens, underscores and more, a letter first. */
const name = () => z.string().check(z.regex(/^[\p{L}][\p{L}\p{N}_.()（）-]{2,63}$/u));
const remark = () => z.string().check(z.maxLength(255));
const key = () => z.string().check(z.regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{7,199}$/));
const secret = () => z.string().check(z.regex(/^[a-zA-Z0-9][a-zA-Z0-9_\-!@#$%]{7,127}$/));

export const APP_OPERATIONS: readonly Operation[] = [
	{
		id: 'createAnAppV2',
		method: 'POST',
		path: ALL,
		summary: 'Create an app: a caller of APIs with a key and a secret.',
		right: 'deploy',
		body: createSchema,
		answer: { status: 201, schema: appSchema },
		run: create,
	},
	{
		id: 'listAppsV2',
		method: 'GET',
		path: ALL,
		summary: 'List apps.',
		right: 'read',
		query: namedQuery,
		answer: { status: 200, schema: () => listSchema('apps', appSchema()) },
		run: list,
	},
	{
		id: 'showDetailsOfAppV2',
		method: 'GET',
		path: ONE,
		summary: 'Show an app; its secret to who may deploy.',
		right: 'read',
		answer: { status: 200, schema: appSchema },
		run: (call) => ({ body: shownTo(call, appOf(call)) }),
	},
	{
		id: 'updateAppV2',
		method: 'PUT',
		path: ONE,
		summary: 'Change an app: name, remark, key and secret.',
		right: 'deploy',
		body: updateSchema,
		answer: { status: 200, schema: appSchema },
		run: update,
	},
	{
		id: 'resettingAppSecretV2',
		method: 'PUT',
		path: `${ALL}/secret/{app_id}`,
		summary: 'Give an app another secret.',
		right: 'deploy',
		body: () => z.looseObject({ app_secret: z.optional(secret()) }),
		answer: { status: 200, schema: appSchema },
		run: reset,
	},
	{
		id: 'deleteAppV2',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete an app, its codes, and what it may call.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function createSchema() {
	return z.looseObject({
		name: name(),
		remark: z.optional(remark()),
		app_key: z.optional(key()),
		app_secret: z.optional(secret()),
	});
}

/** Status 2 freezes an app (ours: the platform shows it, and sets it elsewhere). */
function updateSchema() {
	return z.looseObject({
		name: z.optional(name()),
		remark: z.optional(remark()),
		app_key: z.optional(key()),
		app_secret: z.optional(secret()),
		status: z.optional(z.literal([1, 2])),
	});
}

function appSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		remark: z.string(),
		app_key: z.string(),
		app_secret: z.string(),
		status: z.literal([1, 2]),
		creator: z.string(),
		app_type: z.string(),
		register_time: z.string(),
		update_time: z.string(),
		bind_num: z.number(),
	});
}

/** The app that the path names. Throws ERR_APP_NOT_FOUND. */
export function appOf({ context, parameters }: Call): AppRecord {
	return context.catalog.apps.require(parameters.project_id ?? '', parameters.app_id ?? '');
}

function create(call: Call): Answer {
	const { catalog, sealer } = call.context;
	const body = call.body as z.output<ReturnType<typeof createSchema>>;
	const app = catalog.apps.create({
		id: newGatewayId(),
		project: call.parameters.project_id ?? '',
		name: body.name,
		remark: body.remark ?? '',
		key: body.app_key ?? newGatewayId(),
		sealedSecret: sealer.seal(body.app_secret ?? newGatewayId()),
		frozen: false,
	});
	return { body: shownTo(call, app) };
}

function list(call: Call): Answer {
	const found = chosen(call.context.catalog.apps.list(call.parameters.project_id ?? ''), call.query);
	return {
		body: listOf('apps', found, call.query, (one) => ({ ...shownTo(call, one), app_secret: MASKED })),
	};
}

function update(call: Call): Answer {
	const { catalog, sealer } = call.context;
	const { project, id } = appOf(call);
	const body = call.body as z.output<ReturnType<typeof updateSchema>>;
	const app = catalog.apps.update(project, id, {
		...(body.name === undefined ? {} : { name: body.name }),
		...(body.remark === undefined ? {} : { remark: body.remark }),
		...(body.app_key === undefined ? {} : { key: body.app_key }),
		...(body.app_secret === undefined ? {} : { sealedSecret: sealer.seal(body.app_secret) }),
		...(body.status === undefined ? {} : { frozen: body.status === 2 }),
	});
	return { body: shownTo(call, app) };
}

function reset(call: Call): Answer {
	const { catalog, sealer } = call.context;
	const { project, id } = appOf(call);
	const { app_secret: chosen } = call.body as { readonly app_secret?: string };
	return {
		body: shownTo(
			call,
			catalog.apps.update(project, id, { sealedSecret: sealer.seal(chosen ?? newGatewayId()) }),
		),
	};
}

function remove(call: Call): Answer {
	const { project, id } = appOf(call);
	call.context.catalog.apps.remove(project, id);
	return {};
}

function shownTo({ context, identity }: Call, app: AppRecord) {
	return {
		id: app.id,
		name: app.name,
		remark: app.remark,
		app_key: app.key,
		app_secret: identity.rights.has('deploy') ? context.sealer.open(app.sealedSecret) : MASKED,
		status: app.frozen ? 2 : 1,
		creator: 'USER',
		app_type: 'apig',
		register_time: timeText(app.createdMs),
		update_time: timeText(app.modifiedMs),
		bind_num: context.catalog.apps.grants({ appId: app.id }).length,
	};
}
