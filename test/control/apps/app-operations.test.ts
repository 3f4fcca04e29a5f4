/** Apps, codes, authorizations and authorizers as the platform's gateway API has them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OperationsBed, PROJECT, withBed } from '../../harness/operations-bed.ts';

const test = suite('apps');

const GATEWAY = 'apigw/instances/any';
const HEX = /^[0-9a-f]{32}$/;

/** An app, and its id. */
async function appNamed(bed: OperationsBed, name: string): Promise<string> {
	return (await bed.call('POST', `${GATEWAY}/apps`, { name })).body.id;
}

/** The api_id of a trigger of a new function. */
async function apiOf(bed: OperationsBed, name: string, data: object = {}): Promise<string> {
	bed.makeFunction(name);
	const event_data = { auth: 'APP', path: `/${name}`, ...data };
	const body = { trigger_type_code: 'APIG', event_data };
	return (await bed.call('POST', `fgs/triggers/${name}`, body)).body.event_data.api_id;
}

test('A-200: an app is made with 201, with a key and a secret of its own or the client’s, and is found by its id', () =>
	withBed(async (bed) => {
		const made = await bed.call('POST', `${GATEWAY}/apps`, { name: 'shop', remark: 'tills' });
		assert.is(made.status, 201);
		for (const field of ['id', 'app_key', 'app_secret']) assert.match(made.body[field], HEX, field);
		assert.equal([made.body.name, made.body.remark, made.body.status], ['shop', 'tills', 1]);
		const one = await bed.call('GET', `${GATEWAY}/apps/${made.body.id}`);
		assert.equal(one.body, made.body);
		const own = { name: 'own', app_key: 'mykey_123', app_secret: 'mysecret_123' };
		const { body } = await bed.call('POST', `${GATEWAY}/apps`, own);
		assert.equal([body.app_key, body.app_secret], [own.app_key, own.app_secret]);
	}));

test('A-201: names and keys are nobody else’s; what is malformed is refused before anything is made', () =>
	withBed(async (bed) => {
		const key = 'mykey_123';
		await bed.call('POST', `${GATEWAY}/apps`, { name: 'shop', app_key: key });
		for (const body of [{ name: 'shop' }, { name: 'other', app_key: key }]) {
			assert.is((await bed.call('POST', `${GATEWAY}/apps`, body)).code, 'ERR_APP_EXISTS');
		}
		for (const body of [{ name: 'no' }, { name: '1st' }, { name: 'abc', app_key: 'short' }, {}]) {
			assert.is(
				(await bed.call('POST', `${GATEWAY}/apps`, body)).code,
				'ERR_BODY_INVALID',
				JSON.stringify(body),
			);
		}
		assert.is((await bed.call('GET', `${GATEWAY}/apps`)).body.total, 1);
		assert.is((await bed.call('GET', `${GATEWAY}/apps/none`)).code, 'ERR_APP_NOT_FOUND');
		const id = await appNamed(bed, 'mine');
		assert.is((await bed.call('GET', `/v2/other/${GATEWAY}/apps/${id}`)).code, 'ERR_APP_NOT_FOUND');
	}));

test('A-202: a list is a page by offset and limit, by name, and shows no secret', () =>
	withBed(async (bed) => {
		for (const name of ['abc1', 'abc2', 'xyz3']) await appNamed(bed, name);
		const { body } = await bed.call('GET', `${GATEWAY}/apps?offset=1&limit=1`);
		assert.equal([body.total, body.size, body.apps[0].name], [3, 1, 'abc2']);
		assert.is(body.apps[0].app_secret, '********');
		assert.is((await bed.call('GET', `${GATEWAY}/apps?name=abc`)).body.total, 2);
	}));

test('A-203: an app can be renamed, frozen, given another secret and deleted', () =>
	withBed(async (bed) => {
		const id = await appNamed(bed, 'shop');
		const before = (await bed.call('GET', `${GATEWAY}/apps/${id}`)).body;
		const changed = await bed.call('PUT', `${GATEWAY}/apps/${id}`, { name: 'store', status: 2 });
		assert.equal([changed.body.name, changed.body.status], ['store', 2]);
		assert.is(changed.body.app_secret, before.app_secret);
		const reset = await bed.call('PUT', `${GATEWAY}/apps/secret/${id}`, {});
		assert.match(reset.body.app_secret, HEX);
		assert.is.not(reset.body.app_secret, before.app_secret);
		assert.is((await bed.call('DELETE', `${GATEWAY}/apps/${id}`)).status, 204);
		assert.is((await bed.call('DELETE', `${GATEWAY}/apps/${id}`)).code, 'ERR_APP_NOT_FOUND');
	}));

test('A-204: an app has at most 5 codes, of 64 to 180 characters, chosen or random, and none that another has', () =>
	withBed(async (bed) => {
		const path = `${GATEWAY}/apps/${await appNamed(bed, 'shop')}/app-codes`;
		const code = 'c'.repeat(64);
		const made = await bed.call('POST', path, { app_code: code });
		assert.equal([made.status, made.body.app_code], [201, code]);
		assert.is((await bed.call('POST', path, { app_code: code })).code, 'ERR_APP_CODE_EXISTS');
		assert.is((await bed.call('POST', path, { app_code: 'short' })).code, 'ERR_BODY_INVALID');
		for (let count = 1; count < 5; count++) {
			assert.match((await bed.call('PUT', path)).body.app_code, /^[\w-]{64}$/);
		}
		assert.is((await bed.call('PUT', path)).code, 'ERR_APP_CODE_LIMIT');
		assert.is((await bed.call('GET', path)).body.total, 5);
		assert.equal((await bed.call('GET', `${path}/${made.body.id}`)).body, made.body);
		assert.is((await bed.call('DELETE', `${path}/${made.body.id}`)).status, 204);
		assert.is((await bed.call('DELETE', `${path}/${made.body.id}`)).code, 'ERR_APP_CODE_NOT_FOUND');
	}));

test('A-205: apps are let in to APIs by their ids, all of a call or none, and told from either side', () =>
	withBed(async (bed) => {
		const [one, two] = [await appNamed(bed, 'one'), await appNamed(bed, 'two')];
		const api = await apiOf(bed, 'hello');
		const none = { app_ids: [one], api_ids: [api, 'none'] };
		assert.is((await bed.call('POST', `${GATEWAY}/app-auths`, none)).code, 'ERR_API_NOT_FOUND');
		const made = await bed.call('POST', `${GATEWAY}/app-auths`, { app_ids: [one, two], api_ids: [api] });
		assert.is(made.status, 201);
		assert.equal(
			made.body.auths.map((auth: { app_name: string }) => auth.app_name),
			['one', 'two'],
		);
		assert.ok(bed.catalog.apps.mayCall(one, api));
		assert.is((await bed.call('GET', `${GATEWAY}/app-auths/binded-apps?api_id=${api}`)).body.total, 2);
		const mine = (await bed.call('GET', `${GATEWAY}/app-auths/binded-apis?app_id=${one}`)).body;
		assert.equal([mine.total, mine.auths[0].api_id], [1, api]);
		const [first] = made.body.auths;
		assert.is((await bed.call('DELETE', `${GATEWAY}/app-auths/${first.id}`)).status, 204);
		assert.not(bed.catalog.apps.mayCall(one, api));
		assert.is((await bed.call('DELETE', `${GATEWAY}/app-auths/${first.id}`)).code, 'ERR_APP_GRANT_NOT_FOUND');
	}));

test('K-80: what an app may call goes with the trigger, with the function, and with the app', () =>
	withBed(async (bed) => {
		const app = await appNamed(bed, 'shop');
		const [one, two] = [await apiOf(bed, 'one'), await apiOf(bed, 'two')];
		await bed.call('POST', `${GATEWAY}/app-auths`, { app_ids: [app], api_ids: [one, two] });
		await bed.call('DELETE', 'fgs/triggers/one');
		assert.not(bed.catalog.apps.mayCall(app, one));
		await bed.call('DELETE', 'fgs/functions/urn:fss:cn:p1:function:default:two');
		assert.equal(bed.catalog.apps.grants({ appId: app }), []);
		const three = await apiOf(bed, 'three');
		await bed.call('POST', `${GATEWAY}/app-auths`, { app_ids: [app], api_ids: [three] });
		bed.catalog.apps.remove(PROJECT, app);
		assert.equal(bed.catalog.apps.grants({ apiId: three }), []);
	}));

test('A-206: an authorizer names a function that is there, its identities and for how long an answer counts', () =>
	withBed(async (bed) => {
		bed.makeFunction('judge');
		const body = {
			name: 'mine',
			type: 'FRONTEND',
			authorizer_type: 'FUNC',
			authorizer_uri: 'judge',
			identities: [{ name: 'X-User', location: 'HEADER' }],
			ttl: 60,
		};
		const made = await bed.call('POST', `${GATEWAY}/authorizers`, body);
		assert.is(made.status, 201);
		assert.is(made.body.authorizer_uri, `urn:fss:cn:${PROJECT}:function:default:judge:latest`);
		assert.equal([made.body.ttl, made.body.identities], [60, body.identities]);
		const path = `${GATEWAY}/authorizers/${made.body.id}`;
		assert.equal((await bed.call('GET', path)).body, made.body);
		assert.is((await bed.call('POST', `${GATEWAY}/authorizers`, body)).code, 'ERR_AUTHORIZER_EXISTS');
		const missing = { ...body, name: 'other', authorizer_uri: 'nobody' };
		assert.is((await bed.call('POST', `${GATEWAY}/authorizers`, missing)).code, 'ERR_FUNCTION_NOT_FOUND');
		for (const wrong of [{ need_body: true }, { ttl: 3601 }, { type: 'BACKEND' }]) {
			const refused = await bed.call('POST', `${GATEWAY}/authorizers`, { ...body, name: 'other', ...wrong });
			assert.is(refused.code, 'ERR_BODY_INVALID', JSON.stringify(wrong));
		}
		assert.is((await bed.call('PUT', path, { ...body, ttl: 0 })).body.ttl, 0);
		assert.is((await bed.call('GET', `${GATEWAY}/authorizers`)).body.total, 1);
	}));

test('A-207: a trigger asks an authorizer that is there, which is not deleted while one asks it', () =>
	withBed(async (bed) => {
		bed.makeFunction('judge');
		const body = { name: 'mine', type: 'FRONTEND', authorizer_type: 'FUNC', authorizer_uri: 'judge' };
		const { id } = (await bed.call('POST', `${GATEWAY}/authorizers`, body)).body;
		bed.makeFunction('hello');
		const trigger = (authorizer_id?: string) => ({
			trigger_type_code: 'APIG',
			event_data: {
				auth: 'AUTHORIZER',
				path: '/',
				...(authorizer_id === undefined ? {} : { authorizer_id }),
			},
		});
		const make = async (given: object) => bed.call('POST', 'fgs/triggers/hello', given);
		assert.is((await make(trigger())).code, 'ERR_TRIGGER_INVALID');
		assert.is((await make(trigger('none'))).code, 'ERR_AUTHORIZER_NOT_FOUND');
		assert.is((await make(trigger(id))).status, 201);
		assert.is((await bed.call('DELETE', `${GATEWAY}/authorizers/${id}`)).code, 'ERR_AUTHORIZER_IN_USE');
		await bed.call('DELETE', 'fgs/triggers/hello');
		assert.is((await bed.call('DELETE', `${GATEWAY}/authorizers/${id}`)).status, 204);
	}));

test.run();
