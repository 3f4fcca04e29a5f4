import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	parseSdkAuthorization,
	parseSdkDate,
	sdkDate,
	signRequest,
} from '../../src/contract/sdk-signature.ts';
import {
	DATE,
	isSigned,
	KEY,
	type SdkCall,
	sdkCalls,
	sha256,
	signedBySdk,
	type WireRequest,
} from './sdk-request.ts';

const test = suite('SDK signature');
const CALL: SdkCall = {
	method: 'POST',
	path: '/v2/p/fgs/functions/urn:fss:cn:p:function:default:f:!prod/invocations',
	query: { marker: '2', name: ['b c', 'a/ü'] },
	headers: { 'X-Project-Id': 'p', 'X-Cff-Log-Type': 'tail' },
	data: { path: '/orders', text: 'grün' },
};

test('A-100: 300 generated requests, signed by the platform’s client library, are accepted', () => {
	fc.assert(
		fc.property(sdkCalls, (call) => isSigned(signedBySdk(call))),
		{ numRuns: 300 },
	);
});

test('A-100: the example that the platform’s manual works through is accepted', () => {
	const request = {
		method: 'GET',
		url: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
		headers: {
			'content-type': 'application/json',
			host: 'service.region.example.com',
			'x-sdk-date': '20191115T033655Z',
			authorization:
				'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
		},
		body: '',
	};
	const secretKey = 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc';
	assert.ok(isSigned(request, { accessKey: 'QTWAOYTTINDUT2QVKYUC', secretKey }));
});

test('A-101: of 300 generated requests, none is accepted with a byte changed in method, path, query, a header or the body', () => {
	fc.assert(
		fc.property(sdkCalls, fc.infiniteStream(fc.nat()), (call, numbers) => {
			const next = (): number => numbers.next().value ?? 0;
			for (const changed of changes(signedBySdk(call), next)) {
				assert.not(isSigned(changed), JSON.stringify(changed));
			}
		}),
		{ numRuns: 300 },
	);
});

test('A-101: every byte of one request counts', () => {
	const request = signedBySdk(CALL);
	assert.ok(isSigned(request));
	for (const field of ['method', 'url', 'body'] as const) {
		for (let at = 0; at < request[field].length; at++) {
			assert.not(isSigned({ ...request, [field]: flipped(request[field], at) }), `${field} ${at}`);
		}
	}
	for (const [name, value] of Object.entries(request.headers)) {
		for (let at = 0; at < value.length; at++) {
			const headers = { ...request.headers, [name]: flipped(value, at) };
			assert.not(isSigned({ ...request, headers }), `${name} ${at}`);
		}
	}
});

test('A-101: nothing may be added to a query, and no signed header may be absent or said twice', () => {
	const request = signedBySdk(CALL);
	for (const more of ['&', '&a', '&a=b', '&marker=2', '&=']) {
		assert.not(isSigned({ ...request, url: request.url + more }), more);
	}
	const { 'x-project-id': project, ...fewer } = request.headers;
	assert.not(isSigned({ ...request, headers: fewer }));
	assert.not(isSigned({ ...request, headers: { ...fewer, 'x-project-id': `${project}, ${project}` } }));
});

test('A-102: names that every object has are no headers', () => {
	const names = 'constructor;x-sdk-date;__proto__';
	const authorization = `SDK-HMAC-SHA256 Access=a, SignedHeaders=${names}, Signature=${'0'.repeat(64)}`;
	assert.not(isSigned({ ...signedBySdk(CALL), headers: { 'x-sdk-date': DATE.text, authorization } }));
});

test('A-102: blanks around a header’s value and the order of a query do not count', () => {
	const request = signedBySdk({ ...CALL, query: { b: '1', a: ['2', '1'] } });
	const headers = { ...request.headers, 'x-project-id': ' \tp ' };
	assert.ok(isSigned({ ...request, headers }));
	assert.ok(isSigned({ ...request, url: `${CALL.path}?a=1&a=2&b=1` }));
	assert.not(isSigned({ ...request, headers: { ...headers, 'x-project-id': 'p\u00a0' } }));
});

test('A-103: a path with % may be signed as it is sent, or as the text it stands for, but never fits two paths', () => {
	const path = '/v2/p/fgs/events/a%20b';
	const raw = signedBySdk({ ...CALL, path, query: {} });
	assert.ok(isSigned(raw), 'as it is sent');
	const decoded = { ...signedAs(['POST', '/v2/p/fgs/events/a%20b/', '']), url: path };
	assert.ok(isSigned(decoded), 'as the text it stands for');
	// The text `a%20b` on the wire.
	assert.not(isSigned({ ...raw, url: '/v2/p/fgs/events/a%2520b' }));
	assert.not(isSigned({ ...raw, url: '/v2/p/fgs/events/a b' }));
	assert.not(isSigned({ ...raw, url: '/v2/p/fgs/events/a%zzb' }));
});

test('A-104: the form with a scope, which Terraform’s provider signs with a derived key, is judged the same way', () => {
	const scope = '20260102/cn-north-4/fgs/sdk_request';
	const request = signedAs(['GET', '/v2/p/fgs/functions/', 'maxitems=400'], scope);
	const sent = { ...request, method: 'GET', url: '/v2/p/fgs/functions?maxitems=400' };
	assert.ok(isSigned(sent));
	assert.not(isSigned({ ...sent, url: '/v2/p/fgs/functions?maxitems=401' }));
	const { authorization = '' } = sent.headers;
	for (const [from, to] of [
		['cn-north-4', 'cn-north-1'],
		['20260102/', '20260103/'],
		[`Credential=${KEY.accessKey}/${scope}`, `Access=${KEY.accessKey}`],
	] as const) {
		const changed = authorization.replace(from, to);
		assert.not.equal(changed, authorization);
		assert.not(isSigned({ ...sent, headers: { ...sent.headers, authorization: changed } }), to);
	}
});

test('A-105: what signRequest signs is what the platform’s client library signs', () => {
	fc.assert(
		fc.property(sdkCalls, (call) => {
			const { url, body, headers } = signedBySdk(call);
			const mine = signRequest({
				method: call.method,
				url: `http://127.0.0.1:9080${url}`,
				headers: { 'content-type': 'application/json', ...call.headers },
				body,
				...KEY,
				now: DATE.ms,
			});
			assert.equal(mine.Authorization, headers.authorization);
		}),
	);
});

test('A-106: dates are YYYYMMDDTHHmmssZ and days that there are', () => {
	assert.is(parseSdkDate(DATE.text), DATE.ms);
	assert.is(sdkDate(DATE.ms + 999), DATE.text);
	for (const wrong of [
		'',
		'2026-01-02T03:04:05Z',
		'20260102T030405',
		'20260230T030405Z',
		'20260102T250405Z',
	]) {
		assert.is(parseSdkDate(wrong), null, wrong);
	}
});

test('A-106: an Authorization of another scheme or shape is none', () => {
	const right = signedBySdk(CALL).headers.authorization ?? '';
	assert.is.not(parseSdkAuthorization(right), null);
	for (const wrong of [
		'',
		'Basic YTpi',
		right.replace('SDK-', 'V11-'),
		right.replace('SDK', 'sdk'),
		right.slice(0, -1),
		`${right}0`,
		right.replace(/Signature=.*/, (found) => `Signature=${found.slice(10).toUpperCase()}A`),
		right.replace('Access=', 'Access= '),
		`${right}, Signature=${'0'.repeat(64)}`,
	]) {
		assert.is(parseSdkAuthorization(wrong), null, wrong);
	}
});

/** Each part once, at a place that `next` picks. */
function* changes(request: WireRequest, next: () => number): Iterable<WireRequest> {
	for (const field of ['method', 'url', 'body'] as const) {
		const value = request[field];
		if (value !== '') yield { ...request, [field]: flipped(value, next() % value.length) };
	}
	for (const [name, value] of Object.entries(request.headers)) {
		const headers = { ...request.headers, [name]: flipped(value, next() % value.length) };
		yield { ...request, headers };
	}
}

/** Another sign in its place, that is no other spelling of the same: `%c3` and `%C3` are one. */
function flipped(text: string, at: number): string {
	const other = text.charAt(at) === '0' ? '1' : '0';
	return text.slice(0, at) + other + text.slice(at + 1);
}

/** Signed by the words of the manual: method, path and query as they are to be signed; no body. */
function signedAs(
	[method, path, query]: readonly [string, string, string],
	scope: string | null = null,
): WireRequest {
	const names = 'host;x-sdk-date';
	const host = '127.0.0.1:9080';
	const fields = `host:${host}\nx-sdk-date:${DATE.text}\n`;
	const hash = sha256([method, path, query, fields, names, sha256('')].join('\n'));
	const hmac = (key: string | Buffer, part: string) => createHmac('sha256', key).update(part);
	const key = scope === null ? KEY.secretKey : derived(scope);
	const middle = scope === null ? DATE.text : `${DATE.text}\n${scope}`;
	const signature = hmac(key, `SDK-HMAC-SHA256\n${middle}\n${hash}`).digest('hex');
	const who = scope === null ? `Access=${KEY.accessKey}` : `Credential=${KEY.accessKey}/${scope}`;
	const authorization = `SDK-HMAC-SHA256 ${who}, SignedHeaders=${names}, Signature=${signature}`;
	return { method, url: path, headers: { host, 'x-sdk-date': DATE.text, authorization }, body: '' };

	function derived(words: string): Buffer {
		const [day = '', region = '', service = '', end = ''] = words.split('/');
		const ofDay = hmac(`SDK${KEY.secretKey}`, day).digest();
		const ofRegion = hmac(ofDay, region).digest();
		return hmac(hmac(ofRegion, service).digest(), end).digest();
	}
}

test.run();
