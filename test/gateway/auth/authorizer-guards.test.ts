import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Authorizer } from '../../../src/gateway/auth/authorizer-guard.ts';
import { AuthorizerGuards } from '../../../src/gateway/auth/authorizer-guards.ts';
import { ALLOW } from './authorizer-bed.ts';
import { API_ID, guarded, outcome } from './guard-bed.ts';

const test = suite('AuthorizerGuards');

const JUDGE: Authorizer = {
	name: 'judge',
	functionUrn: 'urn:fss:cn-north-4:p:function:default:judge:latest',
	identities: [{ name: 'X-User', location: 'HEADER' }],
	ttlSeconds: 60,
	userData: '',
};
const API = { id: API_ID, stage: 'RELEASE' };

test('G-22: what an authorizer answered stays while neither it nor the API changes, and is asked anew when one does', async () => {
	let asked = 0;
	const guards = new AuthorizerGuards({
		invoke: () => {
			asked++;
			return Promise.resolve(ALLOW);
		},
		now: () => 0,
	});
	const call = async (authorizer: Partial<Authorizer> = {}, api = {}): Promise<number> => {
		const guard = guards.of({ ...JUDGE, ...authorizer }, { ...API, ...api });
		assert.is((await outcome(guard, guarded(['X-User: ada', 'X-Id: 1']))).code, null);
		return asked;
	};
	assert.equal([await call(), await call(), await call({ identities: [...JUDGE.identities] })], [1, 1, 1]);
	const changes: ReadonlyArray<Partial<Authorizer>> = [
		{ name: 'other' },
		{ functionUrn: 'urn:fss:cn-north-4:p:function:default:judge:v2' },
		{ identities: [{ name: 'X-Id', location: 'HEADER' }] },
		{ ttlSeconds: 30 },
		{ userData: 'changed' },
	];
	for (const [index, change] of changes.entries()) assert.is(await call(change), index + 2);
	assert.is(await call({}, { id: 'another' }), 7);
	assert.is(await call({}, { stage: 'TEST' }), 8);
	assert.is(await call(), 8);
});

test('G-22: beyond 1,000 guards the one asked for longest ago is made anew', () => {
	const guards = new AuthorizerGuards({ invoke: () => Promise.resolve(ALLOW) });
	const of = (id: number) => guards.of(JUDGE, { ...API, id: String(id) });
	const first = of(0);
	const second = of(1);
	for (let id = 2; id < 1000; id++) of(id);
	assert.is(of(0), first);
	of(1000);
	assert.is(of(0), first);
	assert.is.not(of(1), second);
});

test.run();
