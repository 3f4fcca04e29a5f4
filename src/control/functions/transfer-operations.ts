/**
 * Export and import (documented: a function leaves as one file and comes back from it). The file is ours: a zip with
 * `function.json`, which is the body that makes the function, and `code`, which is its package.
 */
import { Buffer } from 'node:buffer';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import * as z from 'zod/mini';
import { errorText } from '../../base/error-text.ts';
import type { FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { isObject, kindOf } from '../../contract/kind-of.ts';
import type { ControlContext } from '../control-context.ts';
import { findRevision } from '../find-revision.ts';
import { optionalText, text, wanted } from '../models/fields.ts';
import { judgeExtent } from '../models/judge-extent.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { functionAnswer } from './function-answer.ts';
import { createFunction } from './function-operations.ts';
import { createFunctionSchema, functionSchema, keptFieldNames } from './function-schemas.ts';
import { readPackage } from './read-package.ts';

const ZIP_OPTIONS = { useWebWorkers: false } as const;
/** Bytes of function.json, and of a package (documented: 50 MB). */
const JSON_BYTES_MAX = 1024 * 1024;
const CODE_BYTES_MAX = 50 * 1024 * 1024;
const JSON_NAME = 'function.json';
const CODE_NAME = 'code';

export const TRANSFER_OPERATIONS: readonly Operation[] = [
	{
		id: 'exportFunction',
		method: 'GET',
		path: '/v2/{project_id}/fgs/functions/{function_urn}/export',
		summary: 'Export a version: its package as it was sent, or one file of configuration and code to import.',
		right: 'read',
		query: exportQuerySchema,
		answer: { status: 200 },
		run: exportFunction,
	},
	{
		id: 'importFunction',
		method: 'POST',
		path: '/v2/{project_id}/fgs/functions/import',
		summary: 'Create a function from an exported file.',
		right: 'deploy',
		body: () =>
			z.looseObject({
				func_name: text(),
				file_name: optionalText(),
				file_type: optionalText(),
				file_code: z.string(wanted('a text')),
				package: optionalText(),
			}),
		answer: { status: 200, schema: functionSchema },
		run: importFunction,
	},
];

/** Fields that the body which makes a function takes, beside those that are only kept. Encrypted variables are masked: they stay behind. */
const CONFIG_FIELDS = [
	'runtime',
	'timeout',
	'handler',
	'memory_size',
	'user_data',
	'xrole',
	'app_xrole',
	'description',
	'initializer_handler',
	'initializer_timeout',
	'ephemeral_storage',
	'enable_auth_in_header',
	'is_return_stream',
	'strategy_config',
	'code_type',
	'code_filename',
];

/** Without `type`, one of the others is true (documented). */
function exportQuerySchema() {
	const yesOrNo = () => z.optional(z.enum(['true', 'false'], wanted('true or false')));
	return z.looseObject({
		config: yesOrNo(),
		code: yesOrNo(),
		type: z.optional(z.enum(['code', 'config'], wanted('code or config'))),
	});
}

type ExportQuery = z.output<ReturnType<typeof exportQuerySchema>>;

/** `type=code` alone is the package itself; all else is a zip of ours. Rejects with ERR_BODY_INVALID, ERR_STATE_UNAVAILABLE. */
async function exportFunction(call: Call): Promise<Answer> {
	const { record, revision } = findRevision(call);
	const { config, code, type } = call.query as ExportQuery;
	if (type !== undefined && (config !== undefined || code !== undefined)) {
		throw new RuntimeError(
			'ERR_BODY_INVALID',
			'query: found type beside config or code, wanted one way to say it',
		);
	}
	const parts = { config: config === 'true' || type === 'config', code: code === 'true' || type === 'code' };
	if (!parts.config && !parts.code) {
		throw new RuntimeError(
			'ERR_BODY_INVALID',
			'query: found nothing to export, wanted code=true or config=true',
		);
	}
	if (type === 'code') {
		const media = revision.code.type === 'inline' ? 'application/octet-stream' : 'application/zip';
		return download(
			call,
			await readPackage(call.context.packages, revision.code),
			revision.code.filename,
			media,
		);
	}
	const file = await pack(call.context, record, revision, parts);
	return download(call, file, `${record.name}.zip`, 'application/zip');
}

async function pack(
	context: ControlContext,
	record: FunctionRecord,
	revision: RevisionRecord,
	parts: { readonly config: boolean; readonly code: boolean },
): Promise<Uint8Array> {
	const writer = new ZipWriter(new Uint8ArrayWriter(), ZIP_OPTIONS);
	if (parts.config) {
		const whole = functionAnswer(context, record, revision);
		const told = Object.fromEntries(
			[...keptFieldNames(), ...CONFIG_FIELDS].map((name) => [name, whole[name]]),
		);
		const text = JSON.stringify({ func_name: record.name, package: record.package, ...told }, null, 2);
		await writer.add(JSON_NAME, new Uint8ArrayReader(Buffer.from(text, 'utf8')));
	}
	if (parts.code) {
		const bytes = await readPackage(context.packages, revision.code);
		await writer.add(CODE_NAME, new Uint8ArrayReader(bytes), { level: 0 });
	}
	return writer.close();
}

function download({ requestId }: Call, file: Uint8Array, name: string, media: string): Answer {
	return {
		stream: async (reply) => {
			reply.head(200, {
				'Content-Type': media,
				'Content-Length': `${file.byteLength}`,
				// Whatever signs the client chose for the name.
				'Content-Disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
				'X-Request-Id': requestId,
			});
			reply.end(file);
		},
	};
}

/** Rejects with ERR_CODE_INVALID where the file is none of ours, and as createFunction does. */
async function importFunction(call: Call): Promise<Answer> {
	const body = call.body as {
		readonly func_name: string;
		readonly file_code: string;
		readonly package?: string | null;
	};
	const { json, code } = await readExport(Buffer.from(body.file_code, 'base64'));
	const names = { func_name: body.func_name, package: body.package };
	const function_ = z.safeParse(createFunctionSchema(), {
		...json,
		...names,
		func_code: { file: code.toString('base64') },
	});
	if (function_.success) return createFunction(call, function_.data);
	const fields = function_.error.issues.map(({ path }) => path.join('.'));
	throw notOurs(`${JSON_NAME}: found the wrong type in ${fields.slice(0, 20).join(', ')}`);
}

async function readExport(bytes: Buffer): Promise<{ readonly json: object; readonly code: Buffer }> {
	const reader = new ZipReader(new Uint8ArrayReader(bytes), { ...ZIP_OPTIONS, checkSignature: true });
	const found = new Map<string, Buffer>();
	try {
		for await (const entry of reader.getEntriesGenerator()) {
			const bytesMax = entry.filename === JSON_NAME ? JSON_BYTES_MAX : CODE_BYTES_MAX;
			if (entry.directory || ![JSON_NAME, CODE_NAME].includes(entry.filename) || found.has(entry.filename)) {
				throw notOurs(`found ${kindOf(entry.filename)}`);
			}
			found.set(entry.filename, await readEntry(entry, bytesMax));
		}
	} catch (error) {
		if (error instanceof RuntimeError) throw error;
		throw notOurs(errorText(error));
	} finally {
		await reader.close();
	}
	const [json, code] = [found.get(JSON_NAME), found.get(CODE_NAME)];
	if (json === undefined || code === undefined) throw notOurs('one of the two is missing');
	return { json: parse(json), code };
}

function parse(bytes: Buffer): object {
	let json: unknown;
	try {
		json = JSON.parse(bytes.toString('utf8'));
	} catch {
		throw notOurs(`${JSON_NAME} is no JSON`);
	}
	if (!isObject(json)) throw notOurs(`${JSON_NAME} is ${kindOf(json)}`);
	judgeExtent(json);
	return json;
}

/** What a zip says of its sizes may be false: what comes is counted. */
async function readEntry(entry: FileEntry, bytesMax: number): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const sink = new WritableStream<Uint8Array>({
		write(chunk) {
			bytes += chunk.byteLength;
			if (bytes > bytesMax) throw notOurs(`${entry.filename} has more than ${bytesMax} bytes`);
			chunks.push(chunk);
		},
	});
	await entry.getData(sink);
	return Buffer.concat(chunks);
}

function notOurs(found: string): RuntimeError {
	const wanted = `a zip with ${JSON_NAME} and ${CODE_NAME}, as an export with both makes it`;
	return new RuntimeError('ERR_CODE_INVALID', `file_code: ${found}; wanted ${wanted}`);
}
