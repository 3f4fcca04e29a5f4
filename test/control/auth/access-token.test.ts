import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newAccessToken } from '../../../src/control/auth/access-token.ts';
import { DATE, type SdkCall, signedBySdk, type WireRequest } from '../../contract/sdk-request.ts';
import { AuthBed, user } from './auth-bed.ts';

const test = suite('access token');
const HOUR_MS = 3_600_000;
const PATH = '/v2/p/fgs/functions';
const READ: SdkCall = { method: 'GET', path: PATH, query: {}, headers: {}, data: undefined };

test('A-113: a token is its user’s until it ends', () => {
	const { token, hash, endsMs } = newAccessToken(DATE.ms, 24);
	assert.is(endsMs, DATE.ms + 24 * HOUR_MS);
	const bed = new AuthBed([
		user({ name: 'eve', tokenHash: 'other' }),
		user({ tokenHash: hash, rights: ['invoke'] }),
	]);
	const request: WireRequest = { method: 'POST', url: PATH, headers: { 'x-auth-token': token }, body: 'any' };
	for (const nowMs of [DATE.ms, endsMs - 1]) {
		bed.nowMs = nowMs;
		const { name, rights } = bed.judge(request);
		assert.equal([name, ...rights], ['ada', 'invoke']);
	}
	bed.nowMs = endsMs;
	assert.match(bed.refused(request), 'httpfn user token ada');
});

test('A-113: a token that nobody has is refused, and so is one whose end was moved', () => {
	const { token, hash } = newAccessToken(DATE.ms, 1);
	const bed = new AuthBed([user({ tokenHash: hash }), user({ name: 'no-token' })]);
	bed.nowMs += 2 * HOUR_MS;
	const [kind, , random] = token.split('_', 3);
	const later = `${kind}_${Math.floor(DATE.ms / 1000 + 99 * 3600).toString(36)}_${random}`;
	for (const wrong of [later, newAccessToken(DATE.ms, 99).token, 'null', 'x', hash]) {
		const message = bed.refused({ ...signedBySdk(READ), headers: { 'x-auth-token': wrong } });
		assert.not(message.includes(later));
	}
});

test('A-113: where a request has both, its signature decides', () => {
	const { token, hash } = newAccessToken(DATE.ms, 1);
	const bed = new AuthBed([user({ tokenHash: hash })]);
	const request = signedBySdk(READ);
	const headers = { ...request.headers, 'x-auth-token': token };
	assert.is(bed.judge({ ...request, headers }).name, 'ada');
	bed.refused({ ...request, headers, method: 'PUT' });
});

test.run();
