/** Functions: made, listed, configured and deleted (documented: API reference, "Function Lifecycle Management"). */
import * as z from 'zod/mini';
import { assert } from '../../base/assert.ts';
import type { FunctionConfig } from '../../catalog/function-config.ts';
import type { FunctionKey, FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { checkFunctionName, checkUrnPart } from '../../contract/function-name.ts';
import { isObject } from '../../contract/kind-of.ts';
import { findFunction } from '../find-function.ts';
import { findRevision } from '../find-revision.ts';
import { wanted } from '../models/fields.ts';
import { Mistakes } from '../models/mistakes.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { type MarkerQuery, markerFields, markerPage } from '../paging/marker-page.ts';
import { codeOfBody } from './code-of-body.ts';
import { functionAnswer } from './function-answer.ts';
import {
	type ConfigBody,
	type CreateFunctionBody,
	createFunctionSchema,
	functionPageSchema,
	functionSchema,
	updateConfigSchema,
} from './function-schemas.ts';
import { CONFIG_DEFAULTS, judgeConfig } from './judge-config.ts';
import { judgeQuota } from './judge-quota.ts';

const ALL = '/v2/{project_id}/fgs/functions';
const ONE = `${ALL}/{function_urn}`;
/** Where a body names none (documented). */
const PACKAGE_DEFAULT = 'default';

export const FUNCTION_OPERATIONS: readonly Operation[] = [
	{
		id: 'listFunctions',
		method: 'GET',
		path: ALL,
		summary: 'List the functions of a project, in pages.',
		right: 'read',
		query: () =>
			z.looseObject({
				...markerFields(),
				package_name: z.optional(z.string()),
				func_name: z.optional(z.string()),
			}),
		answer: { status: 200, schema: functionPageSchema },
		run: list,
	},
	{
		id: 'createFunction',
		method: 'POST',
		path: ALL,
		summary: 'Create a function from a zip, a jar or the text of its bootstrap.',
		right: 'deploy',
		body: createFunctionSchema,
		answer: { status: 200, schema: functionSchema },
		run: (call) => createFunction(call, call.body as CreateFunctionBody),
	},
	{
		id: 'showFunctionConfig',
		method: 'GET',
		path: `${ONE}/config`,
		summary: 'Show the configuration of a version.',
		right: 'read',
		answer: { status: 200, schema: functionSchema },
		run: show,
	},
	{
		id: 'updateFunctionConfig',
		method: 'PUT',
		path: `${ONE}/config`,
		summary: 'Change the configuration of latest; what is left out stays.',
		right: 'deploy',
		body: updateConfigSchema,
		answer: { status: 200, schema: functionSchema },
		run: updateConfig,
	},
	{
		id: 'updateFunctionMaxInstanceConfig',
		method: 'PUT',
		path: `${ONE}/config-max-instance`,
		summary: 'Set how many instances there may be: -1 is no limit, 0 disables the function.',
		right: 'deploy',
		body: () => z.looseObject({ max_instance_num: z.number(wanted('a number')) }),
		answer: { status: 200, schema: functionSchema },
		run: updateMaxInstances,
	},
	{
		id: 'deleteFunction',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a version, or without one in the URN the function and all that belongs to it.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function list({ context, parameters, query }: Call): Answer {
	const { package_name, func_name, ...page } = query as MarkerQuery & {
		readonly package_name?: string;
		readonly func_name?: string;
	};
	const { after: afterId, limit } = markerPage(page);
	const { records, nextMarker, count } = context.catalog.functions.list({
		project: parameters.project_id ?? '',
		...(package_name === undefined ? {} : { package: package_name }),
		...(func_name === undefined ? {} : { name: func_name }),
		afterId,
		limit,
	});
	const functions = records.map((record) => ({
		...functionAnswer(context, record, record.latest),
		func_vpc_id: vpcIdOf(record.latest.config),
	}));
	return { body: { functions, next_marker: nextMarker, count } };
}

/** Lists tell only this of a network (documented). */
function vpcIdOf({ kept }: FunctionConfig): string {
	const { vpc_id = '' } = isObject(kept.func_vpc) ? kept.func_vpc : {};
	return typeof vpc_id === 'string' ? vpc_id : '';
}

/** Rejects as judgeConfig and codeOfBody tell, as CodePackages.store does, and with ERR_FUNCTION_EXISTS, ERR_FUNCTION_COUNT, ERR_CODE_TOTAL. */
export async function createFunction(
	{ context, parameters }: Call,
	body: CreateFunctionBody,
): Promise<Answer> {
	const project = parameters.project_id ?? '';
	const key = { project, package: body.package || PACKAGE_DEFAULT, name: body.func_name };
	const mistakes = new Mistakes();
	judgeNames(key, mistakes);
	const config = judgeConfig(CONFIG_DEFAULTS, body, context.sealer, mistakes);
	const code = codeOfBody(body, mistakes);
	mistakes.throwAny();
	assert(code !== null, 'what is no code is a mistake');
	const { functions } = context.catalog;
	// Before a package is taken in for nothing.
	functions.requireFree(key);
	judgeQuota(functions, project, { functions: 1, codeBytes: code.bytes.byteLength });
	const record = functions.create(key, config, await context.packages.store(code.bytes, code));
	return { body: functionAnswer(context, record, record.latest) };
}

function judgeNames({ project, package: app, name }: FunctionKey, mistakes: Mistakes): void {
	for (const problem of checkFunctionName(name)) mistakes.add('ERR_FUNCTION_NAME_INVALID', `func_${problem}`);
	for (const problem of checkUrnPart('package', app)) mistakes.add('ERR_PACKAGE_NAME_INVALID', problem);
	for (const problem of checkUrnPart('project_id', project)) mistakes.add('ERR_URN_INVALID', problem);
}

function show(call: Call): Answer {
	const { record, revision } = findRevision(call);
	return answerOf(call, record, revision);
}

function updateConfig(call: Call): Answer {
	return changeConfig(call, call.body as ConfigBody);
}

function updateMaxInstances(call: Call): Answer {
	const { max_instance_num: concurrency } = call.body as { readonly max_instance_num: number };
	return changeConfig(call, { strategy_config: { concurrency } });
}

function changeConfig(call: Call, body: ConfigBody): Answer {
	const { context } = call;
	const { id, latest } = requireLatest(call, 'configured');
	const mistakes = new Mistakes();
	const config = judgeConfig(latest.config, body, context.sealer, mistakes);
	mistakes.throwAny();
	const record = context.catalog.functions.updateConfig(id, config);
	return answerOf(call, record, record.latest);
}

/** What is published never changes: only `latest` does. */
export function requireLatest(call: Call, action: string): FunctionRecord {
	const { record, qualifier } = findFunction(call);
	if (qualifier === 'latest') return record;
	const message = `only latest can be ${action}, found ${qualifier}: what is published stays as it is`;
	throw new RuntimeError('ERR_VERSION_INVALID', message);
}

function answerOf({ context }: Call, record: FunctionRecord, revision: RevisionRecord): Answer {
	return { body: functionAnswer(context, record, revision) };
}

/** `latest` can not be deleted alone (documented), and a URN that names it does not name the function. */
function remove(call: Call): Answer {
	const { functions, revisions } = call.context.catalog;
	const { record, qualifier } = findFunction(call);
	if (qualifier !== 'latest') {
		revisions.remove(record.id, findRevision(call).revision.version);
	} else if (call.parameters.function_urn?.endsWith(':latest')) {
		const why = 'latest can not be deleted alone; to delete the function, leave the version out of its URN';
		throw new RuntimeError('ERR_VERSION_IN_USE', why);
	} else {
		functions.remove(record.id);
	}
	return {};
}
