/** Functions found by their tags and names (documented form: showResInstanceInfo). */
import * as z from 'zod/mini';
import type { FunctionRecord, Tag } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { everyFunction } from '../paging/every-function.ts';
import { urnOf } from '../urn-of.ts';
import { requireFunctions } from './require-functions.ts';

const LIMIT_DEFAULT = 1000;

export const filterOperation: Operation = {
	id: 'showResInstanceInfo',
	method: 'POST',
	path: '/v2/{project_id}/{resource_type}/resource-instances/{action}',
	summary: 'Find functions by tags and names (action filter), or count them (action count).',
	right: 'read',
	body: bodySchema,
	answer: { status: 200, schema: answerSchema },
	run: filter,
};

/** The SDK sends these as texts, Terraform as numbers. */
function count() {
	return z.optional(z.union([z.string().check(z.regex(/^\d{1,9}$/)), z.int().check(z.gte(0))]));
}

function bodySchema() {
	const tags = z.array(z.looseObject({ key: z.string(), values: z.optional(z.array(z.string())) }));
	return z.looseObject({
		limit: count(),
		offset: count(),
		action: z.optional(z.enum(['filter', 'count'])),
		matches: z.optional(z.array(z.looseObject({ key: z.string(), value: z.string() }))),
		tags: z.optional(tags),
		sys_tags: z.optional(tags),
		without_any_tag: z.optional(z.boolean()),
	});
}

function answerSchema() {
	const tags = z.array(z.object({ key: z.string(), value: z.string() }));
	const resource = z.object({
		resource_id: z.string(),
		resource_name: z.string(),
		resource_detail: z.object({ func_urn: z.string() }),
		tags,
		sys_tags: tags,
	});
	return z.object({ resources: z.optional(z.array(resource)), total_count: z.number() });
}

type Body = z.output<ReturnType<typeof bodySchema>>;

/** Throws ERR_BODY_INVALID. */
async function filter(call: Call): Promise<Answer> {
	requireFunctions(call);
	const body = call.body as Body;
	const { action = '', project_id: project = '' } = call.parameters;
	if (action !== 'filter' && action !== 'count')
		throw new RuntimeError(
			'ERR_BODY_INVALID',
			`path.action: found ${JSON.stringify(action)}, wanted filter or count`,
		);
	const { catalog } = call.context;
	const offset = Number(body.offset ?? 0);
	const limit = Number(body.limit ?? LIMIT_DEFAULT);
	const resources: object[] = [];
	let found = 0;
	for await (const record of everyFunction(catalog, project)) {
		const tags = catalog.extras.tags(record.id);
		if (!matches(body, record, tags)) continue;
		found += 1;
		if (found <= offset || found > offset + limit) continue;
		resources.push({
			resource_id: record.resourceId,
			resource_name: record.name,
			resource_detail: { func_urn: urnOf(call.context, record, 'latest') },
			tags,
			sys_tags: [],
		});
	}
	return { body: action === 'count' ? { total_count: found } : { resources, total_count: found } };
}

/** Every key must be there; of a key's values any will do, and none named means any. No function has tags of the system. */
function matches(body: Body, { name }: FunctionRecord, tags: readonly Tag[]): boolean {
	if ((body.sys_tags ?? []).length > 0) return false;
	if (body.without_any_tag === true && tags.length > 0) return false;
	const named = (body.matches ?? []).every(
		({ key, value }) => key !== 'resource_name' || name.includes(value),
	);
	return named && (body.tags ?? []).every(({ key, values }) => tags.some((tag) => fits(tag, key, values)));
}

function fits(tag: Tag, key: string, values: readonly string[] | undefined): boolean {
	return tag.key === key && (values === undefined || values.length === 0 || values.includes(tag.value));
}
