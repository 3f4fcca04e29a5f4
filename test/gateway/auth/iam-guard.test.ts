/** Which users get in, and every way to get it wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERRORS, RuntimeError } from '../../../src/contract/errors.ts';
import { newAccessToken } from '../../../src/control/auth/access-token.ts';
import { IamGuard, type IamUser } from '../../../src/gateway/auth/iam-guard.ts';
import { DATE, KEY, type SdkCall, signedBySdk, type WireRequest } from '../../contract/sdk-request.ts';
import { guarded, guardedWire, type Outcome, outcomeNow } from './guard-bed.ts';

const test = suite('IamGuard');
const CALL: SdkCall = {
	method: 'POST',
	path: '/orders',
	query: { a: '1' },
	headers: {},
	data: { text: 'grün' },
};
const READER = { accessKey: 'READERKEY', secretKey: 'reader-secret' };
const TOKEN = newAccessToken(DATE.ms, 1);
const READER_TOKEN = newAccessToken(DATE.ms, 1);

const ada: IamUser = { name: 'ada', rights: ['invoke'], sealedSecretKey: `sealed ${KEY.secretKey}` };
const reader: IamUser = {
	name: 'reader',
	rights: ['read', 'deploy'],
	sealedSecretKey: `sealed ${READER.secretKey}`,
};

function guard(nowMs = DATE.ms): IamGuard {
	return new IamGuard({
		users: {
			byAccessKey: (key) => (key === KEY.accessKey ? ada : key === READER.accessKey ? reader : null),
			byTokenHash: (hash) => (hash === TOKEN.hash ? ada : hash === READER_TOKEN.hash ? reader : null),
		},
		secretKeys: { of: (sealed) => sealed.slice('sealed '.length) },
		now: () => nowMs,
	});
}

function signed(request: WireRequest): Outcome {
	return outcomeNow(guard(), guardedWire(request), request.body);
}

function plain(lines: readonly string[], nowMs = DATE.ms): Outcome {
	return outcomeNow(guard(nowMs), guarded(lines));
}

test('G-10: a user with the right invoke is let in by a signature over the whole request', () => {
	const request = signedBySdk(CALL);
	assert.equal(signed(request), { who: 'ada', code: null, message: '', late: true });
	assert.is(signed({ ...request, body: `${request.body} ` }).code, 'ERR_IAM_UNAUTHORIZED');
	assert.is(signed({ ...request, url: `${request.url}1` }).code, 'ERR_IAM_UNAUTHORIZED');
});

test('G-10: a user with the right invoke is let in by a token, until it ends', () => {
	const lines = [`X-Auth-Token: ${TOKEN.token}`];
	assert.equal(plain(lines), { who: 'ada', code: null, message: '', late: false });
	assert.is(plain(lines, TOKEN.endsMs - 1).who, 'ada');
	assert.is(plain(lines, TOKEN.endsMs).code, 'ERR_IAM_UNAUTHORIZED');
	assert.is(plain([...lines, 'Authorization: Bearer of-the-function']).who, 'ada');
});

const { token } = TOKEN;
const REFUSED: ReadonlyArray<readonly [name: string, lines: readonly string[]]> = [
	['nothing', []],
	['an empty token', ['X-Auth-Token:']],
	['a token of nobody', [`X-Auth-Token: ${newAccessToken(DATE.ms, 1).token}`]],
	['the hash of a token', [`X-Auth-Token: ${TOKEN.hash}`]],
	['a token twice', [`X-Auth-Token: ${token}`, `X-Auth-Token: ${token}`]],
	['a token in a folded line', ['X-Auth-Token:', ` ${token}`]],
	['a token whose end was moved', [`X-Auth-Token: ${token.replace(/_[0-9a-z]+_/, '_zzzzzz_')}`]],
	['an app code', ['X-Apig-AppCode: code']],
	['Basic', [`Authorization: Basic ${Buffer.from(`${KEY.accessKey}:${KEY.secretKey}`).toString('base64')}`]],
	['key and secret in two fields', [`X-HW-ID: ${KEY.accessKey}`, `X-HW-AppKey: ${KEY.secretKey}`]],
	[
		'a malformed signature beside a good token',
		['Authorization: SDK-HMAC-SHA256 x', `X-Auth-Token: ${token}`],
	],
];

for (const [name, lines] of REFUSED) {
	test(`G-11: ${name} is ERR_IAM_UNAUTHORIZED, and nothing of it is shown`, () => {
		const { who, code, message } = plain(lines);
		assert.equal([who, code], [null, 'ERR_IAM_UNAUTHORIZED']);
		for (const secret of [token, KEY.secretKey]) assert.not(message.includes(secret));
	});
}

test('G-11: a key of nobody and a wrong secret get the same words at the same moment', () => {
	const nobody = signed(signedBySdk(CALL, { ...KEY, accessKey: 'NOBODY' }));
	assert.equal(nobody, signed(signedBySdk(CALL, { ...KEY, secretKey: 'wrong' })));
	assert.equal([nobody.code, nobody.late], ['ERR_IAM_UNAUTHORIZED', true]);
});

test('G-12: a user without the right invoke is told so, in whichever way they proved who they are', () => {
	assert.is(signed(signedBySdk(CALL, READER)).code, 'ERR_IAM_FORBIDDEN');
	assert.is(plain([`X-Auth-Token: ${READER_TOKEN.token}`]).code, 'ERR_IAM_FORBIDDEN');
	assert.is(signed(signedBySdk(CALL, { ...READER, secretKey: 'wrong' })).code, 'ERR_IAM_UNAUTHORIZED');
});

test('G-12: codes and statuses are those of the platform’s gateway', () => {
	const rows = ['ERR_IAM_UNAUTHORIZED', 'ERR_IAM_FORBIDDEN'] as const;
	assert.equal(
		rows.map((code) => [ERRORS[code].wire, ERRORS[code].status]),
		[
			['APIG.0301', 401],
			['APIG.0302', 403],
		],
	);
});

test('G-12: a secret that can not be decrypted lets nobody in, and says what is wrong with the server', () => {
	const broken = new IamGuard({
		users: { byAccessKey: () => ada, byTokenHash: () => null },
		secretKeys: {
			of: () => {
				throw new RuntimeError('ERR_STATE_UNAVAILABLE', 'could not decrypt');
			},
		},
		now: () => DATE.ms,
	});
	const request = signedBySdk(CALL);
	assert.is(outcomeNow(broken, guardedWire(request), request.body).code, 'ERR_STATE_UNAVAILABLE');
});

test.run();
