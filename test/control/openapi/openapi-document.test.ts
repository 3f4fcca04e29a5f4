import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApiDocument } from '../../../src/control/openapi/openapi-document.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../../../src/control/operations.ts';
import { judgeAnswer, readSchema } from '../../harness/answer-judge.ts';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('OpenAPI document');

interface Described {
	readonly operationId: string;
	readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
	readonly responses: Readonly<Record<string, unknown>>;
}

const document = openApiDocument() as {
	readonly openapi: string;
	readonly paths: Record<string, Record<string, Described>>;
};

test('A-88: the OpenAPI 3.1 document is served to everybody, without credentials', async () => {
	const bed = await OperationsBed.open();
	try {
		const response = await fetch(`${bed.url}/openapi.json`);
		assert.is(response.status, 200);
		assert.match(response.headers.get('content-type') ?? '', 'application/json');
		const served = (await response.json()) as { readonly openapi: string };
		assert.is(served.openapi, '3.1.0');
		assert.equal(served, JSON.parse(JSON.stringify(document)));
	} finally {
		await bed.close();
	}
});

test('A-89: every operation is in the document once, with each parameter of its path and its answer', () => {
	const ids: string[] = [];
	for (const operation of [...ALL_OPERATIONS, ...REFUSED_OPERATIONS]) {
		const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
		assert.is(described?.operationId, operation.id, `${operation.method} ${operation.path}`);
		const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
		const told = (described?.parameters ?? []).filter((parameter) => parameter.in === 'path');
		assert.equal(
			told.map(({ name }) => name),
			names,
		);
		assert.ok(told.every(({ required }) => required));
		if ('answer' in operation) assert.ok(described?.responses[operation.answer.status], operation.id);
		ids.push(operation.id);
	}
	assert.is(new Set(ids).size, ids.length);
	const count = Object.values(document.paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
	assert.is(count, ids.length);
});

test('A-90: every schema of the document can be read as JSON Schema 2020-12, and every reference leads somewhere', () => {
	let schemas = 0;
	const visit = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		if ('$ref' in value) {
			const parts = String(value.$ref).replace('#/', '').split('/');
			const found = parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
			assert.ok(found, String(value.$ref));
		} else if ('schema' in value) {
			const { schema } = value as { readonly schema: object };
			readSchema(schema);
			schemas += 1;
		}
		for (const inner of Object.values(value)) visit(inner);
	};
	visit(document.paths);
	assert.ok(schemas > 100, `${schemas} schemas`);
});

test('A-91: an answer that is not as the document says is found out', () => {
	const path = '/v2/p1/functions/hello/tags';
	judgeAnswer('GET', path, 200, { tags: [{ key: 'a', value: 'b' }], sys_tags: [] });
	assert.throws(() => judgeAnswer('GET', path, 200, { tags: [{ key: 'a' }], sys_tags: [] }));
	assert.throws(() => judgeAnswer('GET', path, 200, { tags: [], sys_tags: [], more: 1 }));
	assert.throws(() => judgeAnswer('GET', path, 201, { tags: [], sys_tags: [] }));
	assert.throws(() => judgeAnswer('GET', '/v2/p1/nowhere', 200, {}));
});

test.run();
