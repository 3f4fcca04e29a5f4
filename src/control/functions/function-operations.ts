/** Functions: made, listed, configured and deleted (documented: API reference, "Function Lifecycle Management"). */
import * as z from 'zod/mini';
import type { FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { checkFunctionName, checkUrnPart } from '../../contract/function-name.ts';
import { findFunction } from '../find-function.ts';
import { findRevision } from '../find-revision.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { digits } from '../paging/page.ts';
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

const ALL = '/v2/{project_id}/fgs/functions';
const ONE = `${ALL}/{function_urn}`;
/** Functions of a page (documented). */
const PAGE_MAX = 400;
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
				marker: digits(),
				maxitems: digits(),
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
		body: () => z.looseObject({ max_instance_num: z.number() }),
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
	const {
		marker = '0',
		maxitems = '0',
		package_name,
		func_name,
	} = query as Record<string, string | undefined>;
	const { records, nextMarker, count } = context.catalog.functions.list({
		project: parameters.project_id ?? '',
		...(package_name === undefined ? {} : { package: package_name }),
		...(func_name === undefined ? {} : { name: func_name }),
		afterId: Number(marker),
		limit: Math.min(Number(maxitems) || PAGE_MAX, PAGE_MAX),
	});
	const functions = records.map((record) => functionAnswer(context, record, record.latest));
	return { body: { functions, next_marker: nextMarker, count } };
}

/** Rejects as judgeConfig and codeOfBody do, and with ERR_FUNCTION_EXISTS. */
export async function createFunction(
	{ context, parameters }: Call,
	body: CreateFunctionBody,
): Promise<Answer> {
	const key = {
		project: parameters.project_id ?? '',
		package: body.package || PACKAGE_DEFAULT,
		name: body.func_name,
	};
	judgeNames(key);
	const { functions } = context.catalog;
	// Before a package is taken in for nothing.
	if (functions.find(key) !== null) {
		const found = `there is a function ${key.name} in ${key.package}`;
		throw new RuntimeError('ERR_FUNCTION_EXISTS', `${found}, wanted a name that is free`);
	}
	const config = judgeConfig(CONFIG_DEFAULTS, body, context.sealer);
	const record = functions.create(key, config, await codeOfBody(context, body));
	return { body: functionAnswer(context, record, record.latest) };
}

function judgeNames(key: {
	readonly project: string;
	readonly package: string;
	readonly name: string;
}): void {
	const [name] = checkFunctionName(key.name);
	if (name !== undefined) throw new RuntimeError('ERR_FUNCTION_NAME_INVALID', `func_${name}`);
	const [app] = checkUrnPart('package', key.package);
	if (app !== undefined) throw new RuntimeError('ERR_PACKAGE_NAME_INVALID', app);
	const [project] = checkUrnPart('project_id', key.project);
	if (project !== undefined) throw new RuntimeError('ERR_URN_INVALID', project);
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
	const record = context.catalog.functions.updateConfig(id, judgeConfig(latest.config, body, context.sealer));
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
