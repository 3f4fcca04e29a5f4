/** Custom authorizers: functions of one's own that say who may call an API. */
import * as z from 'zod/mini';
import type { AuthorizerRecord } from '../../catalog/app-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { parseFunctionUrn } from '../../contract/function-urn.ts';
import { GATEWAY, listOf, listQuery, listSchema } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';

const ALL = `${GATEWAY}/authorizers`;
const ONE = `${ALL}/{authorizer_id}`;
/** Seconds (documented). */
const TTL_SECONDS_MAX = 3600;
/** Ours: an identity is read for every call. */
const IDENTITIES_MAX = 10;
const USER_DATA_CHARS_MAX = 2048;

export const AUTHORIZER_OPERATIONS: readonly Operation[] = [
	{
		id: 'createCustomAuthorizerV2',
		method: 'POST',
		path: ALL,
		summary: 'Create an authorizer: a function that says who may call.',
		right: 'deploy',
		body: bodySchema,
		answer: { status: 201, schema: authorizerSchema },
		run: create,
	},
	{
		id: 'listCustomAuthorizersV2',
		method: 'GET',
		path: ALL,
		summary: 'List authorizers.',
		right: 'read',
		query: listQuery,
		answer: { status: 200, schema: () => listSchema('authorizer_list', authorizerSchema()) },
		run: (call) => {
			const all = call.context.catalog.authorizers.list(call.parameters.project_id ?? '');
			return { body: listOf('authorizer_list', all, call.query, shown) };
		},
	},
	{
		id: 'showDetailsOfCustomAuthorizersV2',
		method: 'GET',
		path: ONE,
		summary: 'Show an authorizer.',
		right: 'read',
		answer: { status: 200, schema: authorizerSchema },
		run: (call) => ({ body: shown(authorizerOf(call)) }),
	},
	{
		id: 'updateCustomAuthorizerV2',
		method: 'PUT',
		path: ONE,
		summary: 'Change an authorizer.',
		right: 'deploy',
		body: bodySchema,
		answer: { status: 200, schema: authorizerSchema },
		run: update,
	},
	{
		id: 'deleteCustomAuthorizerV2',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete an authorizer that no trigger asks.',
		right: 'deploy',
		answer: { status: 204 },
		run: (call) => {
			const { project, id } = authorizerOf(call);
			call.context.catalog.authorizers.remove(project, id);
			return {};
		},
	},
];

function identitySchema() {
	const name = z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,64}$/));
	return z.looseObject({
		name,
		location: z.enum(['HEADER', 'QUERY']),
		validation: z.optional(z.literal('')),
	});
}

/** What is wanted of it that nobody would do is refused: the body, and patterns for identities. */
function bodySchema() {
	return z.looseObject({
		name: z.string().check(z.regex(/^[\p{L}][\p{L}\p{N}_-]{2,63}$/u)),
		type: z.literal('FRONTEND'),
		authorizer_type: z.literal('FUNC'),
		authorizer_uri: z.string(),
		identities: z.optional(z.array(identitySchema()).check(z.maxLength(IDENTITIES_MAX))),
		ttl: z.optional(z.int().check(z.gte(0), z.lte(TTL_SECONDS_MAX))),
		user_data: z.optional(z.string().check(z.maxLength(USER_DATA_CHARS_MAX))),
		need_body: z.optional(z.literal(false)),
	});
}

function authorizerSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		type: z.literal('FRONTEND'),
		authorizer_type: z.literal('FUNC'),
		authorizer_uri: z.string(),
		identities: z.array(identitySchema()),
		ttl: z.number(),
		user_data: z.string(),
		need_body: z.boolean(),
		create_time: z.string(),
	});
}

/** Throws ERR_AUTHORIZER_NOT_FOUND. */
function authorizerOf({ context, parameters }: Call): AuthorizerRecord {
	return context.catalog.authorizers.require(parameters.project_id ?? '', parameters.authorizer_id ?? '');
}

function create(call: Call): Answer {
	const project = call.parameters.project_id ?? '';
	const id = newGatewayId();
	return { body: shown(call.context.catalog.authorizers.create({ id, project, ...settingsOf(call) })) };
}

function update(call: Call): Answer {
	const { project, id } = authorizerOf(call);
	return { body: shown(call.context.catalog.authorizers.update(project, id, settingsOf(call))) };
}

/** Throws ERR_URN_INVALID, ERR_FUNCTION_NOT_FOUND where the function is not there or another project's. */
function settingsOf({ context, parameters, body }: Call) {
	const given = body as z.output<ReturnType<typeof bodySchema>>;
	const project = parameters.project_id ?? '';
	const urn = parseFunctionUrn(given.authorizer_uri, { region: context.region, project });
	if (urn === null) {
		throw new RuntimeError(
			'ERR_URN_INVALID',
			'authorizer_uri is no function URN, wanted one, or a short form of it',
		);
	}
	if (urn.project !== project || context.catalog.functions.find(urn) === null) {
		throw new RuntimeError('ERR_FUNCTION_NOT_FOUND', `there is no function ${urn.name} to ask`);
	}
	return {
		name: given.name,
		functionUrn: `urn:fss:${urn.region}:${project}:function:${urn.package}:${urn.name}:${urn.qualifier}`,
		identities: (given.identities ?? []).map(({ name, location }) => ({ name, location })),
		ttlSeconds: given.ttl ?? 0,
		userData: given.user_data ?? '',
	};
}

function shown({
	id,
	name,
	functionUrn,
	identities,
	ttlSeconds,
	userData,
	createdMs,
}: AuthorizerRecord): object {
	return {
		id,
		name,
		type: 'FRONTEND',
		authorizer_type: 'FUNC',
		authorizer_uri: functionUrn,
		identities,
		ttl: ttlSeconds,
		user_data: userData,
		need_body: false,
		create_time: timeText(createdMs),
	};
}
