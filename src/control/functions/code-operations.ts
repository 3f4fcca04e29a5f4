/** The code of functions: shown and replaced (documented: API reference, "Function Code"). */
import { assert } from '../../base/assert.ts';
import type { CodeRecord, FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import type { ControlContext } from '../control-context.ts';
import { findRevision } from '../find-revision.ts';
import { Mistakes } from '../models/mistakes.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { codeOfBody } from './code-of-body.ts';
import { functionAnswer } from './function-answer.ts';
import { requireLatest } from './function-operations.ts';
import { codeSchema, type UpdateCodeBody, updateCodeSchema } from './function-schemas.ts';
import { judgeQuota } from './judge-quota.ts';
import { readPackage } from './read-package.ts';

const CODE = '/v2/{project_id}/fgs/functions/{function_urn}/code';

export const CODE_OPERATIONS: readonly Operation[] = [
	{
		id: 'showFunctionCode',
		method: 'GET',
		path: CODE,
		summary: 'Show the code of a version: its package in Base64.',
		right: 'read',
		answer: { status: 200, schema: codeSchema },
		run: show,
	},
	{
		id: 'updateFunctionCode',
		method: 'PUT',
		path: CODE,
		summary: 'Replace the code of latest.',
		right: 'deploy',
		body: updateCodeSchema,
		answer: { status: 200, schema: codeSchema },
		run: update,
	},
];

async function show({ context, parameters }: Call): Promise<Answer> {
	const { record, revision } = findRevision({ context, parameters });
	return { body: await codeAnswer(context, record, revision) };
}

/** Without a package, the code stays (observed: Terraform's provider names dependencies so). */
async function update(call: Call): Promise<Answer> {
	const { context } = call;
	const { functions } = context.catalog;
	const { id, project, latest } = requireLatest(call, 'given other code');
	const body = call.body as UpdateCodeBody;
	const { depend_version_list: dependencies = null } = body;
	let code: CodeRecord;
	if (
		dependencies !== null &&
		!body.func_code?.file &&
		[latest.code.type, ''].includes(body.code_type ?? '')
	) {
		code = { ...latest.code, filename: body.code_filename || latest.code.filename };
	} else {
		const mistakes = new Mistakes();
		const sent = codeOfBody(body, mistakes);
		mistakes.throwAny();
		assert(sent !== null, 'what is no code is a mistake');
		judgeQuota(functions, project, { functions: 0, codeBytes: sent.bytes.byteLength - latest.code.bytes });
		code = await context.packages.store(sent.bytes, sent);
	}
	const record = withDependencies(context, functions.updateCode(id, code), dependencies);
	// It has just been sent: to send it back would be a waste.
	return { body: codeFields(context, record, record.latest, '') };
}

function withDependencies(
	{ catalog }: ControlContext,
	record: FunctionRecord,
	dependencies: readonly string[] | null,
): FunctionRecord {
	const { config } = record.latest;
	const { depend_version_list: before = [] } = config.kept;
	if (dependencies === null || `${before}` === `${dependencies}`) return record;
	const kept = { ...config.kept, depend_version_list: dependencies };
	return catalog.functions.updateConfig(record.id, { ...config, kept });
}

async function codeAnswer(
	context: ControlContext,
	record: FunctionRecord,
	revision: RevisionRecord,
): Promise<object> {
	const bytes = await readPackage(context.packages, revision.code);
	return codeFields(context, record, revision, bytes.toString('base64'));
}

function codeFields(
	context: ControlContext,
	record: FunctionRecord,
	revision: RevisionRecord,
	file: string,
): object {
	const whole = functionAnswer(context, record, revision);
	const told = FIELDS.map((name) => [name, whole[name]] as const);
	return { ...Object.fromEntries(told), func_code: { file, link: '' } };
}

const FIELDS = [
	'func_urn',
	'func_name',
	'domain_id',
	'runtime',
	'code_type',
	'code_url',
	'code_filename',
	'code_size',
	'digest',
	'last_modified',
	'depend_version_list',
	'strategy_config',
];
