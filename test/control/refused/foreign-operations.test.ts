import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../../src/contract/errors.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../../../src/control/operations.ts';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('foreign operations');

const CLIENT = new URL(
	'../../../node_modules/@huaweicloud/huaweicloud-sdk-functiongraph/v2/FunctionGraphClient.js',
	import.meta.url,
);

/** What the SDK's client calls, from its own text. */
function sdkCalls(): readonly { readonly id: string; readonly method: string; readonly path: string }[] {
	const text = readFileSync(CLIENT, 'utf8');
	const pattern = /(\w+)\(\w+\) \{\s+const options = \{\s+method: "(\w+)",\s+url: "([^"]+)"/g;
	return [...text.matchAll(pattern)].map(([, id = '', method = '', path = '']) => ({ id, method, path }));
}

test("A-85: each of the 92 methods of the platform's SDK is in the table under its own method and path", () => {
	const calls = sdkCalls();
	assert.is(calls.length, 92);
	const table = new Map(
		[...ALL_OPERATIONS, ...REFUSED_OPERATIONS].map((operation) => [operation.id, operation]),
	);
	for (const { id, method, path } of calls) {
		const operation = table.get(id);
		assert.ok(operation, `${id} ${method} ${path}`);
		assert.is(operation?.method, method, id);
		assert.is(operation?.path, path, id);
	}
});

test("A-86: none of the SDK's 92 methods falls to the router's 404, and each that is refused has its code and sentence", async () => {
	const bed = await OperationsBed.open();
	try {
		const refused = new Map(REFUSED_OPERATIONS.map((operation) => [operation.id, operation]));
		for (const { id, method, path } of sdkCalls()) {
			const full = path.replace('{project_id}', 'p1').replaceAll(/\{[^}]+\}/g, 'x');
			const response = await bed.fetch(method, full, method === 'GET' ? undefined : {});
			const text = await response.text();
			const code = response.headers.get('x-httpfn-error');
			assert.is.not(code, 'ERR_OPERATION_NOT_FOUND', `${id} ${method} ${full}`);
			assert.is.not(code, 'ERR_INTERNAL', `${id} ${method} ${full}`);
			const operation = refused.get(id);
			if (operation === undefined) continue;
			assert.is(code, operation.code, id);
			assert.is(response.status, ERRORS[operation.code].status, id);
			assert.equal(JSON.parse(text), { error_code: ERRORS[operation.code].wire, error_msg: operation.why });
		}
	} finally {
		await bed.close();
	}
});

test('A-87: what asynchronous calls, workflows, dependencies, templates, bridges, snapshots, tracing, endpoints and agencies would do is refused', async () => {
	const bed = await OperationsBed.open();
	try {
		const one = (method: string, path: string, body?: object) => bed.call(method, path, body);
		const later = await one('POST', 'fgs/functions/x/invocations-async', {});
		assert.is(later.status, 400);
		assert.is(later.body.error_code, 'FSS.0400');
		assert.is(later.code, 'ERR_ASYNC_UNSUPPORTED');
		for (const [method, path] of [
			['GET', 'fgs/workflows'],
			['GET', 'fgs/dependencies'],
			['GET', 'fgs/templates'],
			['GET', 'fgs/servicebridge/version'],
			['GET', 'fgs/functions/x/snapshots/y'],
			['GET', 'fgs/functions/x/tracing'],
			['POST', 'fgs/vpc-endpoint'],
			['GET', 'fgs/service-trusted-agencies'],
		] as const) {
			const { status, code, body } = await one(method, path, method === 'GET' ? undefined : {});
			assert.is(status, 400, path);
			assert.is(code, 'ERR_UNSUPPORTED_OPERATION', path);
			assert.is(body.error_code, 'FSS.0400', path);
		}
	} finally {
		await bed.close();
	}
});

test.run();
