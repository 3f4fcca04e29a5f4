import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	DATE,
	KEY,
	type SdkCall,
	sdkCalls,
	sha256,
	signedBySdk,
	type WireRequest,
} from '../../contract/sdk-request.ts';
import { thrownCode } from '../../contract/thrown-code.ts';
import { AuthBed, user } from './auth-bed.ts';

const test = suite('Authenticator');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PATH = '/v2/p/fgs/functions';
const READ: SdkCall = { method: 'GET', path: PATH, query: { maxitems: '10' }, headers: {}, data: undefined };
const CHANGE: SdkCall = { method: 'POST', path: PATH, query: {}, headers: {}, data: { func_name: 'f' } };
const INVOKE: SdkCall = { ...CHANGE, path: `${PATH}/urn:fss:cn:p:function:default:f:latest/invocations` };

test('A-107: 200 generated requests, signed by the platform’s client library, are those of the user whose key signed them', () => {
	const bed = new AuthBed();
	fc.assert(
		fc.property(sdkCalls, (call) => {
			const { name, rights } = bed.judge(signedBySdk(call));
			assert.equal([name, ...rights], ['ada', 'read', 'deploy']);
		}),
		{ numRuns: 200 },
	);
});

test('A-107: with a byte changed in date, signature, key, a header, path, query or body they are refused', () => {
	const bed = new AuthBed();
	fc.assert(
		fc.property(sdkCalls, fc.infiniteStream(fc.nat()), (call, numbers) => {
			const request = signedBySdk(call);
			for (const field of ['method', 'url', 'body'] as const) {
				if (request[field] === '') continue;
				bed.refused({ ...request, [field]: changed(request[field], numbers.next().value) });
			}
			for (const [name, value] of Object.entries(request.headers)) {
				const headers = { ...request.headers, [name]: changed(value, numbers.next().value) };
				bed.refused({ ...request, headers });
			}
		}),
		{ numRuns: 200 },
	);
});

test('A-107: another secret key, or a key that nobody has, is refused', () => {
	const bed = new AuthBed();
	bed.refused(signedBySdk(READ, { ...KEY, secretKey: `${KEY.secretKey}x` }));
	assert.match(bed.refused(signedBySdk(READ, { ...KEY, accessKey: 'NOBODYS' })), 'NOBODYS');
});

test('A-107: the name is known before the body is, and nothing is granted before the body is judged', () => {
	const bed = new AuthBed();
	const { body, ...head } = signedBySdk(CHANGE);
	const pending = bed.authenticator.begin(head);
	assert.is(pending.identity.name, 'ada');
	assert.ok(pending.needsBodyDigest);
	assert.is(
		thrownCode(() => pending.finish(sha256(`${body} `))),
		'ERR_UNAUTHORIZED',
	);
	assert.is(pending.finish(sha256(body)), pending.identity);
});

test('A-108: X-Sdk-Date may be 15 minutes from this machine’s clock, either way, and no second more', () => {
	const bed = new AuthBed();
	const request = signedBySdk(READ);
	for (const offsetMs of [-15 * MINUTE_MS, 0, 15 * MINUTE_MS]) {
		bed.nowMs = DATE.ms + offsetMs;
		assert.is(bed.judge(request).name, 'ada');
	}
	for (const offsetMs of [-15 * MINUTE_MS - 1000, 15 * MINUTE_MS + 1000]) {
		bed.nowMs = DATE.ms + offsetMs;
		assert.match(bed.refused(request), DATE.text);
	}
});

test('A-108: a date that is malformed or not signed is refused', () => {
	const bed = new AuthBed();
	const request = signedBySdk(READ);
	bed.refused({ ...request, headers: { ...request.headers, 'x-sdk-date': '2026-01-02T03:04:05Z' } });
	const { authorization = '' } = request.headers;
	const unsigned = authorization.replace(';x-sdk-date', '');
	assert.not.equal(unsigned, authorization);
	assert.match(
		bed.refused({ ...request, headers: { ...request.headers, authorization: unsigned } }),
		'x-sdk-date',
	);
});

test('A-109: a signed header that did not arrive is named', () => {
	const { 'x-project-id': _, ...headers } = signedBySdk({
		...READ,
		headers: { 'X-Project-Id': 'p' },
	}).headers;
	assert.match(new AuthBed().refused({ ...signedBySdk(READ), headers }), 'x-project-id');
});

test('A-109: an Authorization that is malformed is refused and never shown', () => {
	const bed = new AuthBed();
	const request = signedBySdk(READ);
	for (const authorization of [
		'Basic YWRhOnRvcC1zZWNyZXQ=',
		'top-secret',
		'',
		'SDK-HMAC-SHA256 top-secret',
	]) {
		const message = bed.refused({ ...request, headers: { ...request.headers, authorization } });
		assert.not.match(message, /top-secret|YWRh/);
	}
	assert.match(bed.refused({ ...request, url: `http://127.0.0.1:9080${request.url}` }), 'URL');
});

test('A-109: path and query have at most 8,192 characters', () => {
	const bed = new AuthBed();
	const long = (length: number): SdkCall => ({ ...READ, path: `/${'a'.repeat(length - 1)}`, query: {} });
	assert.is(bed.judge(signedBySdk(long(8192))).name, 'ada');
	assert.is(
		thrownCode(() => bed.judge(signedBySdk(long(8193)))),
		'ERR_URI_TOO_LARGE',
	);
});

test('A-110: X-Sdk-Content-Sha256 has to be that of the body', () => {
	const bed = new AuthBed();
	const right = sha256(JSON.stringify(CHANGE.data));
	const claiming = (claim: string) => signedBySdk({ ...CHANGE, headers: { 'X-Sdk-Content-Sha256': claim } });
	assert.is(bed.judge(claiming(right)).name, 'ada');
	bed.refused({ ...claiming(right), body: '{"func_name":"g"}' });
	bed.refused(claiming(sha256('another')));
	bed.refused(claiming(right.toUpperCase()));
});

test('A-110: a body that is not signed is refused', () => {
	const request = signedBySdk({ ...CHANGE, headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } });
	assert.match(new AuthBed().refused(request), 'UNSIGNED-PAYLOAD');
});

test('A-111: a call that changes something is accepted again within 5 seconds, and not after that', () => {
	for (const method of ['POST', 'PUT', 'DELETE']) {
		const bed = new AuthBed();
		const request = signedBySdk({ ...CHANGE, method });
		for (const atMs of [0, 1000, 5000]) {
			bed.nowMs = DATE.ms + atMs;
			assert.is(bed.judge(request).name, 'ada');
		}
		for (const atMs of [5001, 15 * MINUTE_MS]) {
			bed.nowMs = DATE.ms + atMs;
			bed.refused(request);
		}
		const anew = signedBySdk({ ...CHANGE, method }, KEY, '20260102T031900Z');
		assert.is(bed.judge(anew).name, 'ada');
	}
});

test('A-111: one that was dated ahead is not accepted again while its date is good', () => {
	const bed = new AuthBed();
	bed.nowMs = DATE.ms - 15 * MINUTE_MS;
	const request = signedBySdk(CHANGE);
	bed.judge(request);
	bed.nowMs = DATE.ms + 15 * MINUTE_MS;
	bed.judge(signedBySdk({ ...CHANGE, data: { func_name: 'g' } }));
	bed.refused(request);
});

test('A-111: what was refused is not remembered', () => {
	const bed = new AuthBed();
	const request = signedBySdk(CHANGE);
	bed.refused({ ...request, body: 'another' });
	bed.nowMs += MINUTE_MS;
	assert.is(bed.judge(request).name, 'ada');
});

test('A-112: reading and invoking may be done again as often as wanted', () => {
	const bed = new AuthBed();
	for (const request of [signedBySdk(READ), signedBySdk(INVOKE)]) {
		for (const atMs of [0, MINUTE_MS, 15 * MINUTE_MS]) {
			bed.nowMs = DATE.ms + atMs;
			assert.is(bed.judge(request).name, 'ada');
		}
	}
});

test('A-112: a query that names invocations makes no change an invocation', () => {
	const bed = new AuthBed();
	const request = signedBySdk({ ...CHANGE, query: { a: '/invocations' } });
	bed.judge(request);
	bed.nowMs += MINUTE_MS;
	bed.refused(request);
});

test('A-114: without credentials, or with empty ones, a call is refused', () => {
	for (const bed of [new AuthBed(), new AuthBed([]), new AuthBed([], true)]) {
		const host = '127.0.0.1:9080';
		bed.refused({ method: 'GET', url: PATH, headers: { host }, body: '' });
		bed.refused({ method: 'GET', url: PATH, headers: { host, 'x-auth-token': '' }, body: '' });
		bed.refused({ method: 'GET', url: PATH, headers: { host, authorization: '' }, body: '' });
	}
});

test('A-115: a server of this machine without users takes any signature and any token', () => {
	const bed = new AuthBed([], true);
	bed.nowMs += 99 * HOUR_MS;
	const request = { ...signedBySdk(CHANGE, { accessKey: 'any', secretKey: 'any' }), body: 'changed' };
	const token = { ...request, headers: { host: 'localhost', 'x-auth-token': 'any' } };
	for (const taken of [request, token]) {
		const { name, rights } = bed.judge(taken);
		assert.equal([name, ...rights], ['anyone', 'read', 'deploy', 'invoke']);
		assert.not(bed.authenticator.begin(taken).needsBodyDigest);
	}
});

test('A-115: the first user ends that at once, and for good', () => {
	const bed = new AuthBed([], true);
	const stranger = signedBySdk(READ, { accessKey: 'any', secretKey: 'any' });
	bed.judge(stranger);
	bed.users.push(user());
	bed.refused(stranger);
	assert.is(bed.judge(signedBySdk(READ)).name, 'ada');
	bed.users.length = 0;
	bed.refused(stranger);
});

test('A-116: without users, Host has to name this machine, so that no web page gets here by a name of its own', () => {
	const bed = new AuthBed([], true);
	const from = (host: string): WireRequest => ({
		...signedBySdk(READ),
		headers: { host, 'x-auth-token': 'a' },
	});
	for (const host of ['localhost', 'LOCALHOST:9080', '127.0.0.1:9080', '127.8.9.10', '[::1]', '[::1]:9080']) {
		assert.is(bed.judge(from(host)).name, 'anyone', host);
	}
	for (const host of [
		'',
		'example.com',
		'localhost.example.com',
		'127.0.0.1.example.com',
		'127.0.0.1:9080.example.com',
		'127.0.0.256',
		'127.0.0.1, example.com',
		'0.0.0.0',
		'[::2]',
		'::1:9080',
		'localhost:',
	]) {
		assert.match(bed.refused(from(host)), 'Host', host);
	}
	const { host: _, ...headers } = from('').headers;
	bed.refused({ ...from(''), headers });
});

test('A-116: what a browser sends of its own accord is no credential', () => {
	const headers = { host: 'localhost', authorization: 'Basic YTpi', cookie: 'x-auth-token=a' };
	new AuthBed([], true).refused({ ...signedBySdk(READ), headers });
});

/** Another sign in its place, that is no other spelling of the same. */
function changed(text: string, number: number): string {
	const at = number % text.length;
	return text.slice(0, at) + (text.charAt(at) === '0' ? '1' : '0') + text.slice(at + 1);
}

test.run();
