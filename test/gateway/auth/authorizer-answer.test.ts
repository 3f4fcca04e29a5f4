/** What the answers of a custom authorizer do. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALLOW, type Answer, AuthorizerBed, DENY } from './authorizer-bed.ts';

const test = suite('authorizerAnswer');

test('G-16: allow lets in, and its context reaches the function as X-Apig-Authorizer fields', async () => {
	assert.is(await new AuthorizerBed().lines(), '');
	const context = { user_name: 'grün', level: 3, admin: false };
	const wanted =
		'X-Apig-Authorizer-user_name: grÃ¼n\r\nX-Apig-Authorizer-level: 3\r\nX-Apig-Authorizer-admin: false\r\n';
	const text = JSON.stringify({ status: 'allow', context });
	for (const body of [
		text,
		JSON.stringify({ statusCode: 200, body: text }),
		JSON.stringify({ statusCode: 200, body: Buffer.from(text).toString('base64'), isBase64Encoded: true }),
	]) {
		assert.is(await new AuthorizerBed({ status: 200, body }).lines(), wanted, body);
	}
});

test('G-16: nothing in a context can become another header line', async () => {
	const contexts: ReadonlyArray<unknown> = [
		{ a: 'x\r\nX-CFF-Region: y' },
		{ a: 'x\ny' },
		{ a: '\u0000' },
		{ a: ' x' },
		{ 'a: 1\r\nb': 'x' },
		{ 'a b': 'x' },
		{ grün: 'x' },
		{ '': 'x' },
		{ '1a': 'x' },
		{ ['n'.repeat(33)]: 'x' },
		{ a: { b: 1 } },
		{ a: [1] },
		{ a: null },
		{ a_b: 1, 'A-B': 2 },
		{ a: 'x'.repeat(4096) },
		['x'],
		'x',
		JSON.parse('{"__proto__":"x"}'),
	];
	for (const context of contexts) {
		const body = JSON.stringify({ status: 'allow', context });
		assert.is(
			await new AuthorizerBed({ status: 200, body }).lines(),
			'ERR_AUTHORIZER_ANSWER',
			body.slice(0, 80),
		);
	}
	await fc.assert(
		fc.asyncProperty(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), async (context) => {
			const lines = await new AuthorizerBed({
				status: 200,
				body: JSON.stringify({ status: 'allow', context }),
			}).lines();
			if (lines !== 'ERR_AUTHORIZER_ANSWER') {
				assert.match(lines, /^(?:X-Apig-Authorizer-[A-Za-z][\w-]{0,31}: [^\r\n\0]*\r\n)*$/);
			}
		}),
		{ numRuns: 200 },
	);
});

test('G-17: deny is ERR_AUTHORIZER_DENIED, also with a status that says so', async () => {
	for (const status of [200, 401, 403]) {
		assert.is(await new AuthorizerBed({ ...DENY, status }).code('X-User: eve'), 'ERR_AUTHORIZER_DENIED');
	}
});

test('G-17: an answer that is neither lets nobody in', async () => {
	const bodies = [
		'',
		'allow',
		'"allow"',
		'{}',
		'null',
		'[]',
		'{"status":"ALLOW"}',
		'{"status":true}',
		'{"status":["allow"]}',
	];
	const answers: Answer[] = [
		...bodies.map((body) => ({ status: 200, body })),
		{ status: 201, body: ALLOW.body },
		{ status: 302, body: ALLOW.body },
		{ status: 401, body: ALLOW.body },
		{ status: 500, body: ALLOW.body },
		{ status: 500, body: DENY.body },
		{ status: 200, body: JSON.stringify({ statusCode: 401, body: ALLOW.body }) },
		{ status: 401, body: JSON.stringify({ statusCode: 200, body: ALLOW.body }) },
		{ status: 200, body: JSON.stringify({ statusCode: '200', body: ALLOW.body }) },
		{ status: 200, body: JSON.stringify({ statusCode: 200, body: { status: 'allow' } }) },
		{ status: 200, body: `${ALLOW.body}${' '.repeat(1_048_576)}` },
	];
	for (const answer of answers) {
		const text = `${answer.status} ${answer.body.slice(0, 60)}`;
		assert.is(await new AuthorizerBed(answer).code('X-User: ada'), 'ERR_AUTHORIZER_ANSWER', text);
	}
});

test.run();
