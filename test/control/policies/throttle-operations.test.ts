/** Throttling policies as the platform's gateway API has them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiOf } from '../../harness/api-of.ts';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('throttling policies');

const GATEWAY = 'apigw/instances/any';
const ALL = `${GATEWAY}/throttles`;
const BINDINGS = `${GATEWAY}/throttle-bindings`;
const POLICY = { name: 'slow', time_interval: 2, time_unit: 'MINUTE', api_call_limits: 100 };

test('A-223: a policy is made, listed, shown, changed and deleted; limits of 0 are none', () =>
	withBed(async (bed) => {
		const made = await bed.call('POST', ALL, { ...POLICY, type: 2, ip_call_limits: 5 });
		assert.is(made.status, 201);
		const { id } = made.body;
		const limits = ({ body }: typeof made) => [body.type, body.user_call_limits, body.ip_call_limits];
		assert.equal(limits(made), [2, 0, 5]);
		assert.equal((await bed.call('GET', `${ALL}/${id}`)).body, made.body);
		assert.equal((await bed.call('GET', `${ALL}?name=slo`)).body.throttles, [made.body]);
		const changed = await bed.call('PUT', `${ALL}/${id}`, { ...POLICY, user_call_limits: 7 });
		assert.equal(limits(changed), [2, 7, 0]);
		assert.is((await bed.call('GET', `/v2/other/${ALL}/${id}`)).code, 'ERR_THROTTLE_NOT_FOUND');
		assert.is((await bed.call('DELETE', `${ALL}/${id}`)).status, 204);
		assert.is((await bed.call('GET', `${ALL}/${id}`)).code, 'ERR_THROTTLE_NOT_FOUND');
	}));

test('A-224: no limit is above that of the API, an app’s not above a user’s, and a name is taken once', () =>
	withBed(async (bed) => {
		await bed.call('POST', ALL, POLICY);
		assert.is((await bed.call('POST', ALL, POLICY)).code, 'ERR_THROTTLE_EXISTS');
		const wrong = [
			{ ip_call_limits: 101 },
			{ user_call_limits: 5, app_call_limits: 6 },
			{ api_call_limits: 0 },
			{ time_unit: 'WEEK' },
			{ type: 3 },
		];
		for (const one of wrong) {
			const { code } = await bed.call('POST', ALL, { ...POLICY, name: 'other', ...one });
			assert.is(code, 'ERR_BODY_INVALID', JSON.stringify(one));
		}
	}));

test('A-225: a policy is bound to APIs, all or none; an API leaves the policy that it had', () =>
	withBed(async (bed) => {
		const api = await apiOf(bed, 'hello');
		const first = (await bed.call('POST', ALL, POLICY)).body.id;
		const second = (await bed.call('POST', ALL, { ...POLICY, name: 'fast' })).body.id;
		const bind = (strategy_id: string, publish_ids: readonly string[]) =>
			bed.call('POST', BINDINGS, { strategy_id, publish_ids });
		assert.is((await bind(first, [api, 'none'])).code, 'ERR_API_NOT_FOUND');
		assert.is((await bind(first, [api])).status, 201);
		const { throttle_applys: applied } = (await bind(second, [api])).body;
		const { body } = await bed.call('GET', `${BINDINGS}/binded-throttles?api_id=${api}`);
		assert.equal([body.total, body.throttles[0].id, body.throttles[0].bind_id], [1, second, applied[0].id]);
		const apis = async (id: string) =>
			(await bed.call('GET', `${BINDINGS}/binded-apis?throttle_id=${id}`)).body;
		assert.equal([(await apis(first)).total, (await apis(second)).apis[0].id], [0, api]);
		assert.is((await bed.call('DELETE', `${BINDINGS}/${applied[0].id}`)).status, 204);
		assert.is(
			(await bed.call('DELETE', `${BINDINGS}/${applied[0].id}`)).code,
			'ERR_THROTTLE_BINDING_NOT_FOUND',
		);
	}));

test('A-226: an app has one limit of its own in a policy, which goes with the app', () =>
	withBed(async (bed) => {
		const app = (await bed.call('POST', `${GATEWAY}/apps`, { name: 'shop' })).body.id;
		const { id } = (await bed.call('POST', ALL, POLICY)).body;
		const specials = `${ALL}/${id}/throttle-specials`;
		const add = (call_limits: number) =>
			bed.call('POST', specials, { object_type: 'APP', object_id: app, call_limits });
		assert.is((await add(101)).code, 'ERR_BODY_INVALID');
		const made = await add(50);
		assert.equal([made.status, made.body.object_name], [201, 'shop']);
		assert.is((await add(40)).code, 'ERR_THROTTLE_SPECIAL_EXISTS');
		assert.equal((await bed.call('GET', specials)).body.throttle_specials, [made.body]);
		assert.is((await bed.call('DELETE', `${specials}/${made.body.id}`)).status, 204);
		assert.is(
			(await bed.call('DELETE', `${specials}/${made.body.id}`)).code,
			'ERR_THROTTLE_SPECIAL_NOT_FOUND',
		);
		await add(40);
		await bed.call('DELETE', `${GATEWAY}/apps/${app}`);
		assert.is((await bed.call('GET', specials)).body.total, 0);
	}));

test('K-85: with a function go the bindings of its APIs', () =>
	withBed(async (bed) => {
		const api = await apiOf(bed, 'hello');
		const { id } = (await bed.call('POST', ALL, POLICY)).body;
		await bed.call('POST', BINDINGS, { strategy_id: id, publish_ids: [api] });
		assert.is(bed.catalog.throttles.ofApi(api)?.id, id);
		await bed.call('DELETE', 'fgs/functions/hello');
		assert.is(bed.catalog.throttles.ofApi(api), null);
		assert.is((await bed.call('GET', `${ALL}/${id}`)).body.bind_num, 0);
	}));

test.run();
