/** Codes that an app may show instead of a signature: X-Apig-AppCode. */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { AppCodeRecord } from '../../catalog/app-records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { GATEWAY, listOf, listQuery, listSchema } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { appOf } from './app-operations.ts';

const ALL = `${GATEWAY}/apps/{app_id}/app-codes`;
const ONE = `${ALL}/{app_code_id}`;
/** Of one app (documented). */
const CODES_MAX = 5;
/** Bytes of a code that is made here: 64 characters, the fewest that one may have. */
const CODE_BYTES = 48;

export const APP_CODE_OPERATIONS: readonly Operation[] = [
	{
		id: 'createAppCodeV2',
		method: 'POST',
		path: ALL,
		summary: 'Give an app a code of one’s choice.',
		right: 'deploy',
		body: () => z.looseObject({ app_code: z.string().check(z.regex(/^[a-zA-Z0-9+_!@#$%/=-]{64,180}$/)) }),
		answer: { status: 201, schema: codeSchema },
		run: (call) => add(call, (call.body as { readonly app_code: string }).app_code),
	},
	{
		id: 'createAppCodeAutoV2',
		method: 'PUT',
		path: ALL,
		summary: 'Give an app a random code.',
		right: 'deploy',
		answer: { status: 200, schema: codeSchema },
		run: (call) => add(call, randomBytes(CODE_BYTES).toString('base64url')),
	},
	{
		id: 'listAppCodesV2',
		method: 'GET',
		path: ALL,
		summary: 'List the codes of an app.',
		right: 'deploy',
		query: listQuery,
		answer: { status: 200, schema: () => listSchema('app_codes', codeSchema()) },
		run: (call) => ({ body: listOf('app_codes', codesOf(call), call.query, (code) => shown(call, code)) }),
	},
	{
		id: 'showDetailsOfAppCodeV2',
		method: 'GET',
		path: ONE,
		summary: 'Show a code of an app.',
		right: 'deploy',
		answer: { status: 200, schema: codeSchema },
		run: show,
	},
	{
		id: 'deleteAppCodeV2',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete a code of an app: who shows it is not let in any more.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function codeSchema() {
	return z.object({ id: z.string(), app_id: z.string(), app_code: z.string(), create_time: z.string() });
}

/** Throws ERR_APP_CODE_EXISTS, ERR_APP_CODE_LIMIT. */
function add(call: Call, code: string): Answer {
	const { catalog, sealer } = call.context;
	const { id: appId } = appOf(call);
	const hash = createHash('sha256').update(code).digest('hex');
	const id = newGatewayId();
	return {
		body: shown(call, catalog.apps.addCode({ id, appId, hash, sealedCode: sealer.seal(code) }, CODES_MAX)),
	};
}

function show(call: Call): Answer {
	const { app_code_id: id = '' } = call.parameters;
	const code = codesOf(call).find((one) => one.id === id);
	if (code === undefined) throw new RuntimeError('ERR_APP_CODE_NOT_FOUND', 'the app has no such code');
	return { body: shown(call, code) };
}

function remove(call: Call): Answer {
	call.context.catalog.apps.removeCode(appOf(call).id, call.parameters.app_code_id ?? '');
	return {};
}

function codesOf(call: Call): readonly AppCodeRecord[] {
	return call.context.catalog.apps.codes(appOf(call).id);
}

function shown({ context }: Call, { id, appId, sealedCode, createdMs }: AppCodeRecord): object {
	return {
		id,
		app_id: appId,
		app_code: context.sealer.open(sealedCode),
		create_time: timeText(createdMs),
	};
}
