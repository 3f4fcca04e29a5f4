/** Lists of addresses that may call APIs, or may not (the platform's gateway API, "Access Control Policy"). */
import * as z from 'zod/mini';
import { parseBlock } from '../../base/address-block.ts';
import type { AclRecord, PolicyBindingRecord } from '../../catalog/policy-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { chosen, GATEWAY, listOf, listSchema, namedQuery, offsetFields } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { BOUND_APIS_MAX, bindPolicy, boundApi, boundTo } from './bind-policy.ts';
import { policyName } from './policy-name.ts';

const ALL = `${GATEWAY}/acls`;
const ONE = `${ALL}/{acl_id}`;
const BINDINGS = `${GATEWAY}/acl-bindings`;
/** Of one list (ours). */
const BLOCKS_MAX = 10_000;

export const ACL_OPERATIONS: readonly Operation[] = [
	{
		id: 'createAclStrategyV2',
		method: 'POST',
		path: ALL,
		summary: 'Create a list of addresses that may call APIs, or may not.',
		right: 'deploy',
		body: aclBody,
		answer: { status: 201, schema: aclSchema },
		run: create,
	},
	{
		id: 'listAclStrategiesV2',
		method: 'GET',
		path: ALL,
		summary: 'List the lists of addresses.',
		right: 'read',
		query: namedQuery,
		answer: { status: 200, schema: () => listSchema('acls', aclSchema()) },
		run: list,
	},
	{
		id: 'showDetailsOfAclPolicyV2',
		method: 'GET',
		path: ONE,
		summary: 'Show a list of addresses.',
		right: 'read',
		answer: { status: 200, schema: aclSchema },
		run: (call) => ({ body: shown(call, aclOf(call)) }),
	},
	{
		id: 'updateAclStrategyV2',
		method: 'PUT',
		path: ONE,
		summary: 'Change a list of addresses; calls that begin from then on are judged by it.',
		right: 'deploy',
		body: aclBody,
		answer: { status: 200, schema: aclSchema },
		run: update,
	},
	{
		id: 'deleteAclV2',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a list of addresses and its bindings.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
	{
		id: 'createApiAclBindingV2',
		method: 'POST',
		path: BINDINGS,
		summary: 'Bind a list of addresses to APIs; each leaves the one it had.',
		right: 'deploy',
		body: () =>
			z.looseObject({
				acl_id: z.string(),
				publish_ids: z.array(z.string()).check(z.minLength(1), z.maxLength(BOUND_APIS_MAX)),
			}),
		answer: {
			status: 201,
			schema: () => z.object({ acl_bindings: z.array(z.looseObject({ id: z.string() })) }),
		},
		run: bind,
	},
	{
		id: 'deleteApiAclBindingV2',
		method: 'DELETE',
		path: `${BINDINGS}/{acl_bindings_id}`,
		summary: 'Unbind a list of addresses from an API.',
		right: 'deploy',
		answer: { status: 204 },
		run: unbind,
	},
	{
		id: 'listAclPolicyBindedToApiV2',
		method: 'GET',
		path: `${BINDINGS}/binded-acls`,
		summary: 'List the list of addresses of an API.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), api_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('acls', z.looseObject({ acl_id: z.string() })) },
		run: listAcls,
	},
	{
		id: 'listApisBindedToAclPolicyV2',
		method: 'GET',
		path: `${BINDINGS}/binded-apis`,
		summary: 'List the APIs of a list of addresses.',
		right: 'read',
		query: () => z.looseObject({ ...offsetFields(), acl_id: z.string() }),
		answer: { status: 200, schema: () => listSchema('apis', z.looseObject({ api_id: z.string() })) },
		run: listApis,
	},
];

/** Lists of accounts (`DOMAIN`, `DOMAIN_ID`) need the platform's accounts, which are not here. */
function aclBody() {
	return z.looseObject({
		acl_name: policyName(64),
		acl_type: z.enum(['PERMIT', 'DENY']),
		acl_value: z.string().check(z.minLength(1)),
		entity_type: z.literal('IP'),
	});
}

function aclSchema() {
	return z.object({
		id: z.string(),
		acl_name: z.string(),
		acl_type: z.enum(['PERMIT', 'DENY']),
		acl_value: z.string(),
		entity_type: z.literal('IP'),
		bind_num: z.number(),
		update_time: z.string(),
	});
}

/** Throws ERR_ACL_NOT_FOUND. */
function aclOf({ context, parameters }: Call): AclRecord {
	return context.catalog.acls.require(parameters.project_id ?? '', parameters.acl_id ?? '');
}

function create(call: Call): Answer {
	const { acls } = call.context.catalog;
	const base = { id: newGatewayId(), project: call.parameters.project_id ?? '', remark: '' };
	return { body: shown(call, acls.create({ ...base, ...judged(call) })) };
}

function list(call: Call): Answer {
	const found = chosen(call.context.catalog.acls.list(call.parameters.project_id ?? ''), call.query);
	return { body: listOf('acls', found, call.query, (one) => shown(call, one)) };
}

function update(call: Call): Answer {
	const { project, id } = aclOf(call);
	return { body: shown(call, call.context.catalog.acls.update(project, id, judged(call))) };
}

function remove(call: Call): Answer {
	const { project, id } = aclOf(call);
	call.context.catalog.acls.remove(project, id);
	return {};
}

/** Throws ERR_BODY_INVALID where a part is no address and no block. */
function judged({ body }: Call) {
	const { acl_name: name, acl_type: type, acl_value: value } = body as z.output<ReturnType<typeof aclBody>>;
	const blocks = value
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
	const wrong = blocks.find((block) => parseBlock(block) === null);
	if (wrong !== undefined || blocks.length === 0 || blocks.length > BLOCKS_MAX) {
		const found = wrong === undefined ? `${blocks.length} of them` : JSON.stringify(wrong);
		const message = `acl_value: found ${found}; wanted 1 to ${BLOCKS_MAX} addresses or CIDR blocks, separated by commas`;
		throw new RuntimeError('ERR_BODY_INVALID', message);
	}
	return { name, permits: type === 'PERMIT', blocks };
}

/** Throws ERR_ACL_NOT_FOUND, ERR_API_NOT_FOUND. */
function bind(call: Call): Answer {
	const body = call.body as { readonly acl_id: string; readonly publish_ids: readonly string[] };
	const made = bindPolicy(call, call.context.catalog.acls, body.acl_id, body.publish_ids);
	const bindings = made.map(({ id, policyId, apiId, createdMs }) => ({
		id,
		acl_id: policyId,
		publish_id: apiId,
		create_time: timeText(createdMs),
	}));
	return { body: { acl_bindings: bindings } };
}

/** Throws ERR_ACL_BINDING_NOT_FOUND. */
function unbind({ context, parameters }: Call): Answer {
	const { acls } = context.catalog;
	const { acl_bindings_id: id = '', project_id: project = '' } = parameters;
	if (acls.findBinding(project, id) === null)
		throw new RuntimeError('ERR_ACL_BINDING_NOT_FOUND', 'there is no such binding of a list of addresses');
	acls.unbind([id]);
	return {};
}

function listAcls(call: Call): Answer {
	const { api_id: apiId } = call.query as { readonly api_id: string };
	const found = boundTo(call, call.context.catalog.acls, apiId);
	const one = ({ policy, binding, stage }: (typeof found)[number]) => {
		const { id, ...rest } = shown(call, policy);
		return {
			...rest,
			acl_id: id,
			env_name: stage,
			bind_id: binding.id,
			bind_time: timeText(binding.createdMs),
		};
	};
	return { body: listOf('acls', found, call.query, one) };
}

function listApis(call: Call): Answer {
	const { acls } = call.context.catalog;
	const { acl_id: policyId } = call.query as { readonly acl_id: string };
	acls.require(call.parameters.project_id ?? '', policyId);
	const one = (binding: PolicyBindingRecord) => ({ ...boundApi(call, binding), bind_id: binding.id });
	return { body: listOf('apis', acls.bindings({ policyId }), call.query, one) };
}

function shown({ context }: Call, { id, name, permits, blocks, modifiedMs }: AclRecord) {
	return {
		id,
		acl_name: name,
		acl_type: permits ? ('PERMIT' as const) : ('DENY' as const),
		acl_value: blocks.join(','),
		entity_type: 'IP' as const,
		bind_num: context.catalog.acls.bindings({ policyId: id }).length,
		update_time: timeText(modifiedMs),
	};
}
