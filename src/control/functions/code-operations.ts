/** The code of functions: shown and replaced (documented: API reference, "Function Code"). */
import { Buffer } from 'node:buffer';
import type { FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import type { ControlContext } from '../control-context.ts';
import { findRevision } from '../find-revision.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { codeOfBody } from './code-of-body.ts';
import { functionAnswer } from './function-answer.ts';
import { requireLatest } from './function-operations.ts';
import { type CodeBody, codeSchema, updateCodeSchema } from './function-schemas.ts';

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

async function update(call: Call): Promise<Answer> {
	const { context } = call;
	const { id } = requireLatest(call, 'given other code');
	const record = context.catalog.functions.updateCode(id, await codeOfBody(context, call.body as CodeBody));
	// It has just been sent: to send it back would be a waste.
	return { body: codeFields(context, record, record.latest, '') };
}

async function codeAnswer(
	context: ControlContext,
	record: FunctionRecord,
	revision: RevisionRecord,
): Promise<object> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of context.packages.read(revision.code)) chunks.push(chunk);
	return codeFields(context, record, revision, Buffer.concat(chunks).toString('base64'));
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
