/** Plug-ins of APIs (the platform's gateway API, "Plug-in Management"). There is one type here: `cors`. */
import * as z from 'zod/mini';
import type { PluginRecord, PolicyBindingRecord } from '../../catalog/policy-records.ts';
import { chosen, GATEWAY, listOf, listQuery, listSchema } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { BOUND_APIS_MAX, bindPolicy, boundApi, boundTo } from './bind-policy.ts';
import { corsOf } from './cors-content.ts';
import { policyName } from './policy-name.ts';

const ALL = `${GATEWAY}/plugins`;
const ONE = `${ALL}/{plugin_id}`;

export const PLUGIN_OPERATIONS: readonly Operation[] = [
	{
		id: 'createPlugin',
		method: 'POST',
		path: ALL,
		summary: 'Create a plug-in: what pages of other origins may do with an API.',
		right: 'deploy',
		body: pluginBody,
		answer: { status: 201, schema: pluginSchema },
		run: create,
	},
	{
		id: 'listPlugins',
		method: 'GET',
		path: ALL,
		summary: 'List plug-ins.',
		right: 'read',
		query: () =>
			z.extend(listQuery(), {
				plugin_id: z.optional(z.string()),
				plugin_name: z.optional(z.string()),
				plugin_type: z.optional(z.string()),
			}),
		answer: { status: 200, schema: () => listSchema('plugins', pluginSchema()) },
		run: list,
	},
	{
		id: 'showPlugin',
		method: 'GET',
		path: ONE,
		summary: 'Show a plug-in.',
		right: 'read',
		answer: { status: 200, schema: pluginSchema },
		run: (call) => ({ body: shown(pluginOf(call)) }),
	},
	{
		id: 'updatePlugin',
		method: 'PUT',
		path: ONE,
		summary: 'Change a plug-in; answers that begin from then on follow it.',
		right: 'deploy',
		body: pluginBody,
		answer: { status: 200, schema: pluginSchema },
		run: update,
	},
	{
		id: 'deletePlugin',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a plug-in; it is detached from all APIs.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
	{
		id: 'attachApiToPlugin',
		method: 'POST',
		path: `${ONE}/attach`,
		summary: 'Attach a plug-in to APIs; each leaves the one it had.',
		right: 'deploy',
		body: apisBody,
		answer: {
			status: 201,
			schema: () => z.object({ attached_plugins: z.array(z.looseObject({ plugin_attach_id: z.string() })) }),
		},
		run: attach,
	},
	{
		id: 'detachApiFromPlugin',
		method: 'PUT',
		path: `${ONE}/detach`,
		summary: 'Detach a plug-in from APIs.',
		right: 'deploy',
		body: apisBody,
		answer: { status: 204 },
		run: detach,
	},
	{
		id: 'listPluginAttachedApis',
		method: 'GET',
		path: `${ONE}/attached-apis`,
		summary: 'List the APIs that a plug-in is attached to.',
		right: 'read',
		query: listQuery,
		answer: { status: 200, schema: () => listSchema('apis', z.looseObject({ api_id: z.string() })) },
		run: listAttachedApis,
	},
	{
		id: 'listApiAttachedPlugins',
		method: 'GET',
		path: `${GATEWAY}/apis/{api_id}/attached-plugins`,
		summary: 'List the plug-ins that an API has.',
		right: 'read',
		query: listQuery,
		answer: { status: 200, schema: () => listSchema('plugins', z.looseObject({ plugin_id: z.string() })) },
		run: listAttachedPlugins,
	},
];

function pluginBody() {
	return z.looseObject({
		plugin_name: policyName(255),
		plugin_type: z.literal('cors'),
		plugin_scope: z.optional(z.literal('global')),
		plugin_content: z.string(),
		remark: z.optional(z.string().check(z.maxLength(255))),
	});
}

function apisBody() {
	return z.looseObject({ api_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(BOUND_APIS_MAX)) });
}

function pluginSchema() {
	return z.object({
		plugin_id: z.string(),
		plugin_name: z.string(),
		plugin_type: z.literal('cors'),
		plugin_scope: z.literal('global'),
		plugin_content: z.string(),
		remark: z.string(),
		create_time: z.string(),
		update_time: z.string(),
	});
}

/** Throws ERR_PLUGIN_NOT_FOUND. */
function pluginOf({ context, parameters }: Call): PluginRecord {
	return context.catalog.plugins.require(parameters.project_id ?? '', parameters.plugin_id ?? '');
}

function create(call: Call): Answer {
	const base = { id: newGatewayId(), project: call.parameters.project_id ?? '' };
	return { body: shown(call.context.catalog.plugins.create({ ...base, ...judged(call) })) };
}

function list(call: Call): Answer {
	const { plugin_id: id, plugin_name: name } = call.query as {
		readonly plugin_id?: string;
		readonly plugin_name?: string;
	};
	const all = call.context.catalog.plugins.list(call.parameters.project_id ?? '');
	return { body: listOf('plugins', chosen(all, { id, name }), call.query, shown) };
}

function update(call: Call): Answer {
	const { project, id } = pluginOf(call);
	return { body: shown(call.context.catalog.plugins.update(project, id, judged(call))) };
}

function remove(call: Call): Answer {
	const { project, id } = pluginOf(call);
	call.context.catalog.plugins.remove(project, id);
	return {};
}

/** Throws ERR_BODY_INVALID. */
function judged({ body }: Call) {
	const given = body as z.output<ReturnType<typeof pluginBody>>;
	const { plugin_name: name, plugin_content: text, remark = '' } = given;
	return { name, remark, text, cors: corsOf(text) };
}

/** Throws ERR_PLUGIN_NOT_FOUND, ERR_API_NOT_FOUND. */
function attach(call: Call): Answer {
	const plugin = pluginOf(call);
	const { api_ids: apiIds } = call.body as { readonly api_ids: readonly string[] };
	const made = bindPolicy(call, call.context.catalog.plugins, plugin.id, apiIds);
	const attached = made.map((binding) => ({ ...attachedPlugin(plugin, binding), api_id: binding.apiId }));
	return { body: { attached_plugins: attached } };
}

/** APIs that it is not attached to are left alone. */
function detach(call: Call): Answer {
	const { plugins } = call.context.catalog;
	const { api_ids: apiIds } = call.body as { readonly api_ids: readonly string[] };
	const bound = plugins.bindings({ policyId: pluginOf(call).id });
	plugins.unbind(bound.filter(({ apiId }) => apiIds.includes(apiId)).map(({ id }) => id));
	return {};
}

function listAttachedApis(call: Call): Answer {
	const bound = call.context.catalog.plugins.bindings({ policyId: pluginOf(call).id });
	const one = (binding: PolicyBindingRecord) => ({
		...boundApi(call, binding),
		plugin_attach_id: binding.id,
		attached_time: timeText(binding.createdMs),
	});
	return { body: listOf('apis', bound, call.query, one) };
}

function listAttachedPlugins(call: Call): Answer {
	const found = boundTo(call, call.context.catalog.plugins, call.parameters.api_id ?? '');
	const one = ({ policy, binding, stage }: (typeof found)[number]) => ({
		...shown(policy),
		...attachedPlugin(policy, binding),
		env_name: stage,
	});
	return { body: listOf('plugins', found, call.query, one) };
}

function attachedPlugin({ id, name }: PluginRecord, binding: PolicyBindingRecord) {
	return {
		plugin_attach_id: binding.id,
		plugin_id: id,
		plugin_name: name,
		plugin_type: 'cors',
		plugin_scope: 'global',
		attached_time: timeText(binding.createdMs),
	};
}

function shown({ id, name, remark, text, createdMs, modifiedMs }: PluginRecord) {
	return {
		plugin_id: id,
		plugin_name: name,
		plugin_type: 'cors' as const,
		plugin_scope: 'global' as const,
		plugin_content: text,
		remark,
		create_time: timeText(createdMs),
		update_time: timeText(modifiedMs),
	};
}
