/** Tags of functions. The resource type of all these paths is `functions`; a resource is named by its URN or its id. */
import * as z from 'zod/mini';
import type { FunctionRecord, Tag } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { filterOperation } from './filter-resources.ts';
import { requireFunctions } from './require-functions.ts';

const OF_ALL = '/v2/{project_id}/{resource_type}/tags';
const OF_ONE = '/v2/{project_id}/{resource_type}/{resource_id}/tags';
/** Of one function (documented). */
const TAGS_MAX = 20;
/** Characters (documented for tags of all services). */
const KEY_CHARS_MAX = 128;
const VALUE_CHARS_MAX = 255;

export const TAG_OPERATIONS: readonly Operation[] = [
	filterOperation,
	{
		id: 'showProjectTagsList',
		method: 'GET',
		path: OF_ALL,
		summary: 'List the tags of all functions.',
		right: 'read',
		answer: { status: 200, schema: projectTagsSchema },
		run: listAll,
	},
	{
		id: 'listFunctionTags',
		method: 'GET',
		path: OF_ONE,
		summary: 'List the tags of a function.',
		right: 'read',
		answer: {
			status: 200,
			schema: () => z.object({ tags: z.array(tagSchema()), sys_tags: z.array(tagSchema()) }),
		},
		run: list,
	},
	{
		id: 'createTags',
		method: 'POST',
		path: `${OF_ONE}/create`,
		summary: 'Add tags to a function; one with a key that is there gets the new value.',
		right: 'deploy',
		body: () => changeSchema('create'),
		answer: { status: 204 },
		run: create,
	},
	{
		id: 'deleteTags',
		method: 'DELETE',
		path: `${OF_ONE}/delete`,
		summary: 'Take tags off a function, by their keys.',
		right: 'deploy',
		body: () => changeSchema('delete'),
		answer: { status: 204 },
		run: remove,
	},
];

interface ChangeBody {
	readonly tags: readonly { readonly key: string; readonly value?: string }[];
}

function changeSchema(action: 'create' | 'delete') {
	return z.looseObject({
		action: z.optional(z.literal(action)),
		tags: z.array(
			z.looseObject({
				key: z.string().check(z.minLength(1), z.maxLength(KEY_CHARS_MAX)),
				value: z.optional(z.string().check(z.maxLength(VALUE_CHARS_MAX))),
			}),
		),
	});
}

function tagSchema() {
	return z.object({ key: z.string(), value: z.string() });
}

function projectTagsSchema() {
	const tags = z.array(z.object({ key: z.string(), values: z.array(z.string()) }));
	return z.object({ tags, sys_tags: tags });
}

function listAll(call: Call): Answer {
	requireFunctions(call);
	const values = new Map<string, string[]>();
	for (const { key, value } of call.context.catalog.extras.tagsOfProject(call.parameters.project_id ?? ''))
		values.set(key, [...(values.get(key) ?? []), value]);
	return { body: { tags: [...values].map(([key, values]) => ({ key, values })), sys_tags: [] } };
}

function list(call: Call): Answer {
	const { id } = findResource(call);
	return { body: { tags: call.context.catalog.extras.tags(id), sys_tags: [] } };
}

function create(call: Call): Answer {
	const { extras } = call.context.catalog;
	const { id, name } = findResource(call);
	const added: readonly Tag[] = (call.body as ChangeBody).tags.map(({ key, value = '' }) => ({
		key,
		value,
	}));
	const keys = new Set([...extras.tags(id), ...added].map(({ key }) => key));
	if (keys.size > TAGS_MAX) {
		throw new RuntimeError(
			'ERR_BODY_INVALID',
			`body.tags: ${name} would have ${keys.size} tags, wanted at most ${TAGS_MAX}`,
		);
	}
	extras.addTags(id, added);
	return {};
}

function remove(call: Call): Answer {
	const keys = (call.body as ChangeBody).tags.map(({ key }) => key);
	call.context.catalog.extras.removeTags(findResource(call).id, keys);
	return {};
}

/** Throws ERR_BODY_INVALID, and as findFunction. */
function findResource(call: Call): FunctionRecord {
	requireFunctions(call);
	const { project_id: project = '', resource_id: resource = '' } = call.parameters;
	const known = call.context.catalog.functions.byResourceId(project, resource);
	if (known !== null) return known;
	const parameters = { project_id: project, function_urn: resource };
	return findFunction({ context: call.context, parameters }).record;
}
