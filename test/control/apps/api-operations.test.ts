/** APIs as clients of the platform's gateway look for them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OperationsBed, withBed } from '../../harness/operations-bed.ts';

const test = suite('APIs');

const GATEWAY = 'apigw/instances/any';
const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';

/** The api_id of a trigger of a new function. */
async function apiOf(bed: OperationsBed, name: string, data: object = {}): Promise<string> {
	bed.makeFunction(name);
	const event_data = { auth: 'APP', path: `/${name}`, ...data };
	const body = { trigger_type_code: 'APIG', event_data };
	return (await bed.call('POST', `fgs/triggers/${name}`, body)).body.event_data.api_id;
}

const ids = (body: { apis: readonly { id: string }[] }): string[] => body.apis.map(({ id }) => id).sort();

test('A-208: APIs are listed by id, name, group, environment and auth, and shown with the function they lead to', () =>
	withBed(async (bed) => {
		const one = await apiOf(bed, 'one', { group_id: 'shop', match_mode: 'NORMAL', req_method: 'GET' });
		const two = await apiOf(bed, 'two', { auth: 'NONE', env_name: 'TEST', env_id: 'test' });
		const all = await bed.call('GET', `${GATEWAY}/apis`);
		assert.equal([all.body.total, ids(all.body)], [2, [one, two].sort()]);
		for (const filter of [`id=${one}`, 'name=_one', 'group_id=shop', `env_id=${RELEASE}`, 'auth_type=APP']) {
			assert.equal(ids((await bed.call('GET', `${GATEWAY}/apis?${filter}`)).body), [one], filter);
		}
		assert.is((await bed.call('GET', `${GATEWAY}/apis?limit=1&offset=1`)).body.size, 1);
		const { body } = await bed.call('GET', `${GATEWAY}/apis/${one}`);
		assert.equal(
			[body.req_uri, body.req_method, body.match_mode, body.auth_type, body.status, body.publish_id],
			['/one', 'GET', 'NORMAL', 'APP', 1, one],
		);
		assert.is(body.func_info.function_urn, 'urn:fss:cn:p1:function:default:one:latest');
		assert.is((await bed.call('GET', `${GATEWAY}/apis/none`)).code, 'ERR_API_NOT_FOUND');
		const elsewhere = await bed.call('GET', `/v2/p2/${GATEWAY}/apis/${one}`);
		assert.equal([elsewhere.status, elsewhere.code], [404, 'ERR_API_NOT_FOUND']);
		assert.is((await bed.call('GET', `/v2/p2/${GATEWAY}/apis`)).body.total, 0);
	}));

test('A-209: the APIs that an app may not call are those with auth APP that it was not let in to', () =>
	withBed(async (bed) => {
		const app = (await bed.call('POST', `${GATEWAY}/apps`, { name: 'shop' })).body.id;
		const [one, two] = [await apiOf(bed, 'one'), await apiOf(bed, 'two')];
		await apiOf(bed, 'open', { auth: 'NONE' });
		const unbound = async (): Promise<string[]> =>
			ids((await bed.call('GET', `${GATEWAY}/app-auths/unbinded-apis?app_id=${app}&env_id=${RELEASE}`)).body);
		assert.equal(await unbound(), [one, two].sort());
		const body = { env_id: RELEASE, app_ids: [app], api_ids: [one] };
		const made = await bed.call('POST', `${GATEWAY}/app-auths`, body);
		assert.equal(await unbound(), [two]);
		await bed.call('DELETE', `${GATEWAY}/app-auths/${made.body.auths[0].id}`);
		assert.equal(await unbound(), [one, two].sort());
		const nobody = await bed.call('GET', `${GATEWAY}/app-auths/unbinded-apis?app_id=none`);
		assert.equal([nobody.status, nobody.code], [404, 'ERR_APP_NOT_FOUND']);
	}));

test.run();
