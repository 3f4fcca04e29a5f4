/** What a custom authorizer is asked, and when it is asked. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERRORS, RuntimeError } from '../../../src/contract/errors.ts';
import { eventHead } from '../../../src/contract/event.ts';
import type { GuardedRequest } from '../../../src/gateway/guard.ts';
import { ALLOW, type Answer, AuthorizerBed, DENY } from './authorizer-bed.ts';
import { API_ID, guarded, outcome } from './guard-bed.ts';

const test = suite('AuthorizerGuard');

/** The event that went to the function, and what its body holds. */
function eventOf(bed: AuthorizerBed) {
	const event = JSON.parse(bed.events.at(-1) ?? '');
	return { event, judged: JSON.parse(Buffer.from(event.body, 'base64').toString('utf8')) };
}

test('G-14: the function is told the identities, the user data and which call it is, and nothing else of the request', async () => {
	const bed = new AuthorizerBed(ALLOW, {
		identities: [
			{ name: 'X-User', location: 'HEADER' },
			{ name: 'Token', location: 'QUERY' },
		],
		userData: 'of the owner',
	});
	const request: GuardedRequest = guarded(
		['x-user:  grün ', 'Cookie: secret=1', 'Authorization: Bearer secret'],
		{
			method: 'HEAD',
			target: '/orders/1?Token=a%20b+c&secret=1',
		},
	);
	assert.is((await outcome(bed.guard, wire(request))).code, null);
	const { event, judged } = eventOf(bed);
	const requestContext = {
		apiId: API_ID,
		requestId: '7b9e1c2d000040008000000000000000',
		stage: 'RELEASE',
		sourceIp: '192.0.2.1',
	};
	assert.equal(judged, {
		headers: { 'x-user': 'grün' },
		queryStringParameters: { Token: 'a b c' },
		user_data: 'of the owner',
		httpMethod: 'HEAD',
		path: '/orders/1',
		requestContext,
	});
	const { body: _, ...head } = event;
	assert.equal(head, {
		httpMethod: 'POST',
		path: '/',
		pathParameters: {},
		headers: { 'x-user': 'grün', 'content-type': 'application/json' },
		queryStringParameters: { Token: 'a b c' },
		requestContext,
		isBase64Encoded: true,
	});
	assert.is(eventHead(event).target, '/?Token=a%20b%20c');
	assert.not(JSON.stringify([event, judged]).includes('secret'));
});

test('G-14: an identity that frames a request, or names its host, is told in the body alone', async () => {
	const identities = ['Host', 'Content-Length', 'Content-Type'].map((name) => ({
		name,
		location: 'HEADER' as const,
	}));
	const bed = new AuthorizerBed(ALLOW, { identities });
	assert.is(await bed.code('Host: a', 'Content-Length: 3', 'Content-Type: text/plain'), null);
	const { event, judged } = eventOf(bed);
	assert.equal(judged.headers, { host: 'a', 'content-length': '3', 'content-type': 'text/plain' });
	assert.equal(event.headers, { 'content-type': 'application/json' });
});

test('G-15: without an identity, with an empty one or with one said twice, nobody is let in and the function is not asked', async () => {
	const bed = new AuthorizerBed(ALLOW, {
		identities: [
			{ name: 'X-User', location: 'HEADER' },
			{ name: 'token', location: 'QUERY' },
		],
	});
	const cases: ReadonlyArray<readonly [target: string, ...lines: string[]]> = [
		['/?token=1'],
		['/?token=1', 'X-User:'],
		['/?token=1', 'X-User: \t '],
		['/', 'X-User: ada'],
		['/?token=', 'X-User: ada'],
		['/?Token=1', 'X-User: ada'],
		['/?token=1&token=2', 'X-User: ada'],
		['/?token=1&%74oken=2', 'X-User: ada'],
		['/?token=1', 'X-User: ada', 'x-user: eve'],
		['/?token=1', 'X-User: ada', 'X_User: eve'],
		['/?token=1', 'X-User: ada', ' eve'],
		[`/?token=1${'&a'.repeat(512)}`, 'X-User: ada'],
	];
	for (const [target, ...lines] of cases) {
		const { code } = await outcome(bed.guard, guarded(lines, { target }));
		assert.is(code, 'ERR_AUTHORIZER_IDENTITY', [target, ...lines].join(' | '));
	}
	assert.is(bed.events.length, 0);
	assert.is(
		(await outcome(bed.guard, guarded(['X-User: ada'], { target: `/?token=1${'&a'.repeat(511)}` }))).code,
		null,
	);
});

test('G-17: a function that can not be called lets nobody in', async () => {
	for (const failure of [new Error('no'), new RuntimeError('ERR_OVERLOADED', 'full')]) {
		const bed = new AuthorizerBed(failure, { ttlSeconds: 60 });
		assert.is(await bed.code('X-User: ada'), 'ERR_AUTHORIZER_FAILED');
		bed.answer = ALLOW;
		assert.is(await bed.code('X-User: ada'), null);
	}
});

test('G-17: codes and statuses are those of the platform’s gateway', () => {
	const rows = [
		'ERR_AUTHORIZER_IDENTITY',
		'ERR_AUTHORIZER_DENIED',
		'ERR_AUTHORIZER_FAILED',
		'ERR_AUTHORIZER_ANSWER',
	] as const;
	assert.equal(
		rows.map((code) => [ERRORS[code].wire, ERRORS[code].status]),
		[
			['APIG.0305', 401],
			['APIG.0305', 401],
			['APIG.0616', 500],
			['APIG.0617', 500],
		],
	);
});

test('G-18: an answer counts for its time, of those let in and of those refused, each for its own identities', async () => {
	const bed = new AuthorizerBed(ALLOW, { ttlSeconds: 10 });
	assert.is(await bed.code('X-User: ada'), null);
	bed.answer = DENY;
	assert.is(await bed.code('X-User: eve'), 'ERR_AUTHORIZER_DENIED');
	bed.answer = new Error('asked again');
	bed.nowMs = 9_999;
	assert.is(await bed.code('x-user: ada'), null);
	assert.is(await bed.code('X-User: eve'), 'ERR_AUTHORIZER_DENIED');
	assert.is(bed.events.length, 2);
	bed.nowMs = 10_000;
	assert.is(await bed.code('X-User: ada'), 'ERR_AUTHORIZER_FAILED');
	assert.is(await bed.code('X-User: eve'), 'ERR_AUTHORIZER_FAILED');
	assert.is(bed.events.length, 4);
});

test('G-18: identities that read alike when joined are not the same', async () => {
	const identities = ['X-A', 'X-B'].map((name) => ({ name, location: 'HEADER' as const }));
	const bed = new AuthorizerBed(ALLOW, { ttlSeconds: 10, identities });
	for (const [a, b] of [
		['1', '1,1'],
		['1,1', '1'],
		['1","1', '1'],
		['1', '1","1'],
	]) {
		await bed.code(`X-A: ${a}`, `X-B: ${b}`);
	}
	assert.is(bed.events.length, 4);
});

test('G-18: what went wrong, 0 seconds and an authorizer without identities are asked about every time', async () => {
	for (const [answer, authorizer] of [
		[{ status: 500, body: '' }, { ttlSeconds: 10 }],
		[ALLOW, { ttlSeconds: 0 }],
		[ALLOW, { ttlSeconds: 10, identities: [] }],
	] as const) {
		const bed = new AuthorizerBed(answer, authorizer);
		await bed.code('X-User: ada');
		await bed.code('X-User: ada');
		assert.is(bed.events.length, 2);
	}
});

test('G-19: callers with the same identities wait for one call, others for their own', async () => {
	const { promise, resolve } = Promise.withResolvers<Answer>();
	const bed = new AuthorizerBed(promise, { ttlSeconds: 10 });
	const asked = [...Array(50).fill('ada'), 'eve'].map((name) => bed.code(`X-User: ${name}`));
	assert.is(bed.events.length, 2);
	resolve(ALLOW);
	assert.equal(await Promise.all(asked), Array(51).fill(null));
});

test('G-19: a call that failed is over: the next caller asks anew', async () => {
	const { promise, reject } = Promise.withResolvers<Answer>();
	const bed = new AuthorizerBed(promise, { ttlSeconds: 10 });
	const asked = [bed.code('X-User: ada'), bed.code('X-User: ada')];
	reject(new Error('no'));
	assert.equal(await Promise.all(asked), Array(2).fill('ERR_AUTHORIZER_FAILED'));
	bed.answer = ALLOW;
	assert.is(await bed.code('X-User: ada'), null);
	assert.is(bed.events.length, 2);
});

test('G-20: 10,000 answers are kept, the one used longest ago goes first, and guesses push out nobody', async () => {
	const bed = new AuthorizerBed(ALLOW, { ttlSeconds: 10 });
	for (let i = 0; i < 10_000; i++) await bed.code(`X-User: u${i}`);
	await bed.code('X-User: u0');
	assert.is(bed.events.length, 10_000);
	await bed.code('X-User: one-more');
	await bed.code('X-User: u0');
	assert.is(bed.events.length, 10_001);
	bed.answer = DENY;
	for (let i = 0; i < 2_000; i++) await bed.code(`X-User: guess${i}`);
	bed.answer = ALLOW;
	await bed.code('X-User: u0');
	assert.is(bed.events.length, 12_001);
	await bed.code('X-User: u1');
	assert.is(bed.events.length, 12_002);
});

/** As it stands on the wire: text as its UTF-8 bytes. */
function wire(request: GuardedRequest): GuardedRequest {
	return { ...request, fieldLines: Buffer.from(request.fieldLines, 'utf8').toString('latin1') };
}

test.run();
