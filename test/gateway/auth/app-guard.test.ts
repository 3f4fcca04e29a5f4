/** Which apps get in, in four ways, and every way to get it wrong. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../../src/contract/errors.ts';
import { KEY, signedBySdk } from '../../contract/sdk-request.ts';
import {
	appGuard,
	CALL,
	CODE,
	FROZEN,
	guarded,
	judged,
	type Outcome,
	outcomeNow,
	STRANGER,
	signedWith,
} from './guard-bed.ts';

const test = suite('AppGuard');

const basic = (pair: string) => `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
const of = ({ accessKey, secretKey }: typeof KEY) => basic(`${accessKey}:${secretKey}`);
const hw = ({ accessKey, secretKey }: typeof KEY) => [`X-HW-ID: ${accessKey}`, `X-HW-AppKey: ${secretKey}`];

function plain(...lines: readonly string[]): Outcome {
	return outcomeNow(appGuard(), guarded(lines));
}

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

test('G-7: the first credential of a request decides alone', () => {
	const forged = signedBySdk(CALL, { accessKey, secretKey: 'wrong' });
	assert.is(judged(signedWith(forged, { 'x-apig-appcode': CODE })).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain('X-Apig-AppCode: nobodys', ...hw(KEY)).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain(`X-HW-ID: ${accessKey}`, of(KEY)).code, 'ERR_APP_UNAUTHORIZED');
	assert.is(plain(`X-Apig-AppCode: ${CODE}`, of(FROZEN)).who, 'app-1');
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
