/** Which apps get in, in four ways, and every way to get it wrong. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../../src/contract/errors.ts';
import {
	DATE,
	KEY,
	type SdkCall,
	sdkCalls,
	sha256,
	signedBySdk,
	type WireRequest,
} from '../../contract/sdk-request.ts';
import {
	appGuard,
	CODE,
	FROZEN,
	guarded,
	guardedWire,
	type Outcome,
	outcomeNow,
	STRANGER,
} from './guard-bed.ts';

const test = suite('AppGuard');
const MINUTE_MS = 60_000;
const CALL: SdkCall = {
	method: 'POST',
	path: '/orders/a:b',
	query: { b: ['2', '1'], a: 'x y' },
	headers: { 'X-Own': 'mine' },
	data: { text: 'grün' },
};

const basic = (pair: string) => `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
const of = ({ accessKey, secretKey }: typeof KEY) => basic(`${accessKey}:${secretKey}`);
const hw = ({ accessKey, secretKey }: typeof KEY) => [`X-HW-ID: ${accessKey}`, `X-HW-AppKey: ${secretKey}`];

function judged(request: WireRequest, nowMs = DATE.ms): Outcome {
	return outcomeNow(appGuard(nowMs), guardedWire(request), request.body);
}

function plain(...lines: readonly string[]): Outcome {
	return outcomeNow(appGuard(), guarded(lines));
}

function signedWith(request: WireRequest, headers: Readonly<Record<string, string>>): WireRequest {
	return { ...request, headers: { ...request.headers, ...headers } };
}

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

test('G-2: an app code, key and secret in two fields, and Basic let an app in without waiting for the body', () => {
	for (const lines of [
		[`X-Apig-AppCode: ${CODE}`],
		[`x-apig-appcode:${CODE}  `],
		hw(KEY),
		[of(KEY)],
		[`authorization: basic  ${Buffer.from(`${KEY.accessKey}:${KEY.secretKey}`).toString('base64')}`],
		['Authorization: Bearer of-the-function', `X-Apig-AppCode: ${CODE}`],
	]) {
		assert.equal(plain(...lines), { who: 'app-1', code: null, message: '', late: false }, lines.join());
	}
});

const { accessKey, secretKey } = KEY;
const REFUSED: ReadonlyArray<readonly [name: string, lines: readonly string[]]> = [
	['nothing', []],
	['an empty code', ['X-Apig-AppCode:']],
	['a code of nobody', ['X-Apig-AppCode: nobodys']],
	['a code in another case', [`X-Apig-AppCode: ${CODE.toUpperCase()}`]],
	['the beginning of a code', [`X-Apig-AppCode: ${CODE.slice(0, -1)}`]],
	['a code twice', [`X-Apig-AppCode: ${CODE}`, `X-Apig-AppCode: ${CODE}`]],
	['a code and another', [`X-Apig-AppCode: ${CODE}`, 'X-Apig-AppCode: nobodys']],
	['a code of 5,000 characters', [`X-Apig-AppCode: ${'c'.repeat(5000)}`]],
	['a code in a folded line', ['X-Apig-AppCode:', ` ${CODE}`]],
	['a code in a name with an underscore', [`X_Apig_AppCode: ${CODE}`]],
	['a key alone', [`X-HW-ID: ${accessKey}`]],
	['a secret alone', [`X-HW-AppKey: ${secretKey}`]],
	['a wrong secret', [`X-HW-ID: ${accessKey}`, 'X-HW-AppKey: wrong']],
	['an empty secret', [`X-HW-ID: ${accessKey}`, 'X-HW-AppKey:']],
	['a key of nobody', ['X-HW-ID: NOBODY', `X-HW-AppKey: ${secretKey}`]],
	['an empty key', ['X-HW-ID:', 'X-HW-AppKey:']],
	['a key twice', [`X-HW-ID: ${accessKey}`, ...hw(KEY)]],
	['a name that every object has', ['X-HW-ID: __proto__', 'X-HW-AppKey: constructor']],
	['Basic with a wrong secret', [basic(`${accessKey}:wrong`)]],
	['Basic with a key of nobody', [basic(`NOBODY:${secretKey}`)]],
	['Basic without a colon', [basic(accessKey + secretKey)]],
	['Basic that is not Base64', ['Authorization: Basic ***']],
	['Basic with nothing', ['Authorization: Basic']],
	['another scheme', ['Authorization: Bearer x']],
	['a token of a user', ['X-Auth-Token: hft_x_y']],
	[
		'a signature of another scheme',
		['Authorization: V11-HMAC-SHA256 Access=a, SignedHeaders=b, Signature=c'],
	],
	['a signature without anything', ['Authorization: SDK-HMAC-SHA256']],
	[
		'the secret that stands for nobody’s',
		['X-HW-ID: NOBODY', 'X-HW-AppKey: the secret of nobody, which lets nobody in'],
	],
];

for (const [name, lines] of REFUSED) {
	test(`G-3: ${name} is ERR_APP_UNAUTHORIZED, and nothing of it is shown`, () => {
		const { who, code, message } = plain(...lines);
		assert.equal([who, code], [null, 'ERR_APP_UNAUTHORIZED']);
		for (const secret of [secretKey, CODE, 'nobodys', 'wrong']) assert.not(message.includes(secret));
	});
}

test('G-3: codes and statuses are those of the platform’s gateway', () => {
	const rows = ['ERR_APP_UNAUTHORIZED', 'ERR_APP_FORBIDDEN', 'ERR_APP_FROZEN'] as const;
	assert.equal(
		rows.map((code) => [ERRORS[code].wire, ERRORS[code].status]),
		[
			['APIG.0303', 401],
			['APIG.0304', 403],
			['APIG.0502', 405],
		],
	);
});

test('G-4: an app that is frozen or was not authorized for the API is told so, in whichever way it proved who it is', () => {
	for (const [key, code, wanted] of [
		[FROZEN, 'a-frozen-code', 'ERR_APP_FROZEN'],
		[STRANGER, 'a-stranger-code', 'ERR_APP_FORBIDDEN'],
	] as const) {
		assert.is(judged(signedBySdk(CALL, key)).code, wanted);
		for (const lines of [[`X-Apig-AppCode: ${code}`], hw(key), [of(key)]]) {
			assert.is(plain(...lines).code, wanted);
		}
	}
});

test('G-4: who has its key but not its secret learns neither', () => {
	for (const { accessKey: known } of [FROZEN, STRANGER]) {
		const guessed = { accessKey: known, secretKey: 'guessed' };
		assert.is(judged(signedBySdk(CALL, guessed)).code, 'ERR_APP_UNAUTHORIZED');
		assert.is(plain(...hw(guessed)).code, 'ERR_APP_UNAUTHORIZED');
	}
});

test('G-5: a key of nobody and a wrong secret get the same words at the same moment', () => {
	const nobody = { accessKey: 'NOBODY', secretKey };
	const wrong = { accessKey, secretKey: 'wrong' };
	assert.equal(plain(...hw(nobody)), plain(...hw(wrong)));
	assert.equal(plain(of(nobody)), plain(of(wrong)));
	assert.equal(judged(signedBySdk(CALL, nobody)), judged(signedBySdk(CALL, wrong)));
	assert.ok(judged(signedBySdk(CALL, nobody)).late);
	const claiming = { ...CALL, headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } };
	assert.equal(judged(signedBySdk(claiming, nobody)), judged(signedBySdk(claiming, wrong)));
	assert.not(judged(signedBySdk(claiming, nobody)).late);
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

test('G-7: the first credential of a request decides alone', () => {
	const forged = signedBySdk(CALL, { accessKey, secretKey: 'wrong' });
	assert.is(judged(signedWith(forged, { 'x-apig-appcode': CODE })).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain('X-Apig-AppCode: nobodys', ...hw(KEY)).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain(`X-HW-ID: ${accessKey}`, of(KEY)).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain(`X-Apig-AppCode: ${CODE}`, of(FROZEN)).who, 'app-1');
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

test('G-9: 300 heads of any text let nobody in, and none makes the guard throw', () => {
	const line = fc.tuple(
		fc.constantFrom(
			'Authorization',
			'X-Apig-AppCode',
			'X-HW-ID',
			'X-HW-AppKey',
			'X-Sdk-Date',
			'__proto__',
			'',
		),
		fc.string({ unit: 'binary', maxLength: 40 }),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 6 }), fc.string({ maxLength: 20 }), (lines, target) => {
			const request = guarded(
				lines.map(([name, value]) => `${name}: ${value}`),
				{ target },
			);
			assert.is(outcomeNow(appGuard(), request).who, null);
		}),
		{ numRuns: 300 },
	);
});

test.run();
