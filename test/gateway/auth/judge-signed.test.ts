/** Signed requests as the guard of apps judges them: what counts, and every way to get it wrong. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DATE, type SdkCall, sdkCalls, sha256, signedBySdk } from '../../contract/sdk-request.ts';
import { appGuard, CALL, guarded, guardedWire, judged, outcomeNow, signedWith } from './guard-bed.ts';

const test = suite('judgeSigned');
const MINUTE_MS = 60_000;

test('G-1: 200 generated requests, signed by the platform’s client library, are those of the app whose key signed them', () => {
	fc.assert(
		fc.property(sdkCalls, (call) => assert.equal(judged(signedBySdk(call)).who, 'app-1')),
		{ numRuns: 200 },
	);
});

test('G-1: with a byte changed in method, path, query, a signed header or the body they are nobody’s', () => {
	const changed = (text: string, at: number): string => {
		const index = at % text.length;
		return `${text.slice(0, index)}${text[index] === 'q' ? 'w' : 'q'}${text.slice(index + 1)}`;
	};
	fc.assert(
		fc.property(sdkCalls, fc.nat(), (call, at) => {
			const request = signedBySdk(call);
			const wrong = [
				...(['method', 'url', 'body'] as const)
					.filter((field) => request[field] !== '')
					.map((field) => ({ ...request, [field]: changed(request[field], at) })),
				...Object.entries(request.headers).map(([name, value]) =>
					signedWith(request, { [name]: changed(value, at) }),
				),
			];
			for (const one of wrong) assert.is(judged(one).who, null, JSON.stringify(one));
		}),
		{ numRuns: 100 },
	);
});

test('G-1: neither the order of headers and query, nor case and blanks of a header, change whose request it is', () => {
	const request = signedBySdk(CALL);
	const { method, url, headers, body } = request;
	const lines = Object.entries(headers).map(([name, value]) => `${name.toUpperCase()}:\t ${value} \t`);
	const [path, query = ''] = url.split('?', 2);
	const reordered = guarded(lines.toReversed(), {
		method,
		target: `${path}?${query.split('&').toReversed().join('&')}`,
		host: headers.host ?? '',
	});
	assert.is(outcomeNow(appGuard(), reordered, body).who, 'app-1');
});

test('G-1: something added to the query, a header said twice, and a Host that is not the one routed by are refused', () => {
	const request = signedBySdk(CALL);
	assert.is(judged({ ...request, url: `${request.url}&a=x` }).code, 'ERR_APP_UNAUTHORIZED');
	const { fieldLines, ...rest } = guardedWire(request);
	for (const line of [
		'X-Own: mine',
		'x-own: other',
		'X-Sdk-Date: 20260102T030405Z',
		'Authorization: Bearer x',
	]) {
		const twice = { ...rest, fieldLines: `${line}\r\n${fieldLines}` };
		assert.is(outcomeNow(appGuard(), twice, request.body).code, 'ERR_APP_UNAUTHORIZED', line);
	}
	const elsewhere = { ...rest, host: 'other.localhost', fieldLines };
	assert.is(outcomeNow(appGuard(), elsewhere, request.body).code, 'ERR_APP_UNAUTHORIZED');
});

test('G-6: X-Sdk-Content-Sha256 is judged with the head, and then has to be that of the body', () => {
	const { body } = signedBySdk(CALL);
	const claim = (value: string) => signedBySdk({ ...CALL, headers: { 'X-Sdk-Content-Sha256': value } });
	const right = claim(sha256(body));
	assert.is(judged(right).who, 'app-1');
	const tampered = judged({ ...right, body: `${body} ` });
	assert.equal([tampered.code, tampered.late], ['ERR_APP_UNAUTHORIZED', true]);
	const another = judged(signedWith(right, { 'x-sdk-content-sha256': sha256('another') }));
	assert.equal([another.code, another.late], ['ERR_APP_UNAUTHORIZED', false]);
	for (const malformed of ['', 'abc', 'UNSIGNED-PAYLOADS', 'A'.repeat(64)]) {
		assert.is(judged(claim(malformed)).code, 'ERR_APP_UNAUTHORIZED', malformed);
	}
});

test('G-6: with UNSIGNED-PAYLOAD any body will do, and nobody but the one who signs can ask for that', () => {
	const request = signedBySdk({ ...CALL, headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } });
	assert.equal(judged({ ...request, body: 'any' }), { who: 'app-1', code: null, message: '', late: false });
	const added = signedWith(signedBySdk(CALL), { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' });
	assert.is(judged(added).code, 'ERR_APP_UNAUTHORIZED');
});

test('G-6: an empty body is a body: nothing can be added to it', () => {
	const request = signedBySdk({ ...CALL, method: 'GET', data: undefined });
	assert.is(judged(request).who, 'app-1');
	assert.is(judged({ ...request, body: 'x' }).code, 'ERR_APP_UNAUTHORIZED');
});

test('G-8: a date more than 15 minutes off is refused; within them a request may be made again', () => {
	const request = signedBySdk(CALL);
	for (const offsetMs of [-15 * MINUTE_MS, 0, 0, 15 * MINUTE_MS]) {
		assert.is(judged(request, DATE.ms + offsetMs).who, 'app-1');
	}
	for (const offsetMs of [-15 * MINUTE_MS - 1000, 15 * MINUTE_MS + 1000]) {
		assert.is(judged(request, DATE.ms + offsetMs).code, 'ERR_APP_UNAUTHORIZED');
	}
});

test('G-8: a date that was not signed, and a signed header that did not arrive, are refused', () => {
	const request = signedBySdk(CALL);
	const { authorization = '', 'x-own': _, ...without } = request.headers;
	const unsigned = authorization.replace(';x-sdk-date', '');
	assert.not.equal(unsigned, authorization);
	assert.is(judged(signedWith(request, { authorization: unsigned })).code, 'ERR_APP_UNAUTHORIZED');
	assert.match(judged({ ...request, headers: { ...without, authorization } }).message, 'x-own');
});

test('G-8: path and query have at most 8,192 characters where they are signed', () => {
	const long = (length: number): SdkCall => ({ ...CALL, path: `/${'a'.repeat(length - 1)}`, query: {} });
	assert.is(judged(signedBySdk(long(8192))).who, 'app-1');
	assert.is(judged(signedBySdk(long(8193))).code, 'ERR_URI_TOO_LARGE');
});

test('G-9: a signed target has at most 512 segments and parameters: a stranger is not to have us sort thousands', () => {
	const query = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, '']));
	const call = (count: number): SdkCall => ({ ...CALL, path: '/a', query: query(count) });
	assert.is(judged(signedBySdk(call(512))).who, 'app-1');
	assert.is(judged(signedBySdk(call(513))).code, 'ERR_URI_TOO_LARGE');
	assert.is(judged({ ...signedBySdk(call(1)), url: '/'.repeat(513) }).code, 'ERR_URI_TOO_LARGE');
});

test('G-9: 500 signed targets with any escapes are judged without an error thrown', () => {
	const request = signedBySdk(CALL);
	const piece = fc.constantFrom(
		'%',
		'%e',
		'%E2',
		'%82',
		'%aC',
		'%c0',
		'%ed',
		'%A0',
		'%f0',
		'%9F',
		'%zz',
		'a',
		'/',
		'?',
		'&',
		'=',
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
			assert.is(judged({ ...request, url: `/${pieces.join('')}` }).code, 'ERR_APP_UNAUTHORIZED');
		}),
		{ numRuns: 500 },
	);
});

test('G-8: a path signed as the text it stands for is taken, one that is another path is not', () => {
	const request = signedBySdk({ ...CALL, path: '/orders/a:b!c', query: {} });
	for (const url of ['/orders/a%3Ab%21c', '/orders/a%3ab!c', '/orders/a:b!c']) {
		assert.is(judged({ ...request, url }).who, 'app-1', url);
	}
	for (const url of [
		'/orders/a%253Ab!c',
		'/orders%2Fa:b!c',
		'/orders/../orders/a:b!c',
		'/orders//a:b!c',
		'/Orders/a:b!c',
	]) {
		assert.is(judged({ ...request, url }).code, 'ERR_APP_UNAUTHORIZED', url);
	}
});

test('G-9: a header that is named a thousand times is not hashed a thousand times', () => {
	const request = signedBySdk(CALL);
	const { authorization = '' } = request.headers;
	const named = authorization.replace('SignedHeaders=', `SignedHeaders=${'x-own;'.repeat(1000)}`);
	const refused = judged(signedWith(request, { authorization: named }));
	assert.equal([refused.code, refused.late], ['ERR_APP_UNAUTHORIZED', false]);
});

test.run();
