/**
 * Export and import (documented: a function leaves as one file and comes back from it). The file is ours: a zip with
 * `function.json`, which is the body that makes the function, and `code`, which is its package.
 */
import { Buffer } from 'node:buffer';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import * as z from 'zod/mini';
import { RuntimeError } from '../../contract/errors.ts';
import { kindOf } from '../../contract/kind-of.ts';
import { findRevision } from '../find-revision.ts';
import { optionalText, text, wanted } from '../models/fields.ts';
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
		summary: 'Export a version as one file: configuration, code or both. Encrypted variables stay behind.',
		right: 'read',
		query: () =>
			z.looseObject({
				config: z.optional(z.string()),
				code: z.optional(z.string()),
				type: z.optional(z.string()),
			}),
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

async function exportFunction(call: Call): Promise<Answer> {
	const { context, query } = call;
	const { record, revision } = findRevision(call);
	const { config, code, type } = query as Record<string, string | undefined>;
	const wantsCode = type === undefined ? code !== 'false' : type !== 'config';
	const wantsConfig = type === undefined ? config !== 'false' : type !== 'code';
	const writer = new ZipWriter(new Uint8ArrayWriter(), ZIP_OPTIONS);
	if (wantsConfig) {
		const whole = functionAnswer(context, record, revision);
		const told = Object.fromEntries(
			[...keptFieldNames(), ...CONFIG_FIELDS].map((name) => [name, whole[name]]),
		);
		const text = JSON.stringify({ func_name: record.name, package: record.package, ...told }, null, 2);
		await writer.add(JSON_NAME, new Uint8ArrayReader(Buffer.from(text, 'utf8')));
	}
	if (wantsCode) {
		const bytes = await readPackage(context.packages, revision.code);
		await writer.add(CODE_NAME, new Uint8ArrayReader(bytes), { level: 0 });
	}
	const file = await writer.close();
	return {
		stream: async (reply) => {
			reply.head(200, {
				'Content-Type': 'application/zip',
				'Content-Length': `${file.byteLength}`,
				'Content-Disposition': `attachment; filename="${record.name}.zip"`,
				'X-Request-Id': call.requestId,
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
		throw notOurs(error instanceof Error ? error.message : String(error));
	} finally {
		await reader.close();
	}
	const [json, code] = [found.get(JSON_NAME), found.get(CODE_NAME)];
	if (json === undefined || code === undefined) throw notOurs('one of the two is missing');
	try {
		return { json: JSON.parse(json.toString('utf8')) as object, code };
	} catch {
		throw notOurs(`${JSON_NAME} is no JSON`);
	}
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
