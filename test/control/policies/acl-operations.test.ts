/** Lists of addresses as the platform's gateway API has them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiOf } from '../../harness/api-of.ts';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('lists of addresses');

const GATEWAY = 'apigw/instances/any';
const ALL = `${GATEWAY}/acls`;
const BINDINGS = `${GATEWAY}/acl-bindings`;
const LIST = { acl_name: 'office', acl_type: 'PERMIT', acl_value: '10.0.0.0/8, ::1', entity_type: 'IP' };

test('A-230: a list is made, listed, shown, changed and deleted', () =>
	withBed(async (bed) => {
		const made = await bed.call('POST', ALL, LIST);
		assert.is(made.status, 201);
		assert.equal([made.body.acl_type, made.body.acl_value], ['PERMIT', '10.0.0.0/8,::1']);
		const { id } = made.body;
		assert.equal((await bed.call('GET', `${ALL}/${id}`)).body, made.body);
		assert.equal((await bed.call('GET', `${ALL}?name=off`)).body.acls, [made.body]);
		const changed = await bed.call('PUT', `${ALL}/${id}`, { ...LIST, acl_type: 'DENY' });
		assert.is(changed.body.acl_type, 'DENY');
		assert.is((await bed.call('POST', ALL, LIST)).code, 'ERR_ACL_EXISTS');
		assert.is((await bed.call('GET', `/v2/other/${ALL}/${id}`)).code, 'ERR_ACL_NOT_FOUND');
		assert.is((await bed.call('DELETE', `${ALL}/${id}`)).status, 204);
		assert.is((await bed.call('DELETE', `${ALL}/${id}`)).code, 'ERR_ACL_NOT_FOUND');
	}));

test('A-231: what is no address and no block is refused, and lists of anything but addresses', () =>
	withBed(async (bed) => {
		for (const wrong of [
			{ acl_value: '10.0.0.0/33' },
			{ acl_value: '10.0.0.1,example.com' },
			{ acl_value: ' , ' },
			{ acl_type: 'ALLOW' },
			{ entity_type: 'DOMAIN' },
			{ acl_name: 'no' },
		])
			assert.is((await bed.call('POST', ALL, { ...LIST, ...wrong })).code, 'ERR_BODY_INVALID');
	}));

test('A-232: a list is bound to APIs, all or none; a binding goes with its list, its API, or by itself', () =>
	withBed(async (bed) => {
		const api = await apiOf(bed, 'hello');
		const { id } = (await bed.call('POST', ALL, LIST)).body;
		const bind = (publish_ids: readonly string[]) => bed.call('POST', BINDINGS, { acl_id: id, publish_ids });
		assert.is((await bind([api, 'none'])).code, 'ERR_API_NOT_FOUND');
		const { acl_bindings: made } = (await bind([api])).body;
		const ofApi = async () => (await bed.call('GET', `${BINDINGS}/binded-acls?api_id=${api}`)).body;
		assert.equal((await ofApi()).acls[0].bind_id, made[0].id);
		const ofList = (await bed.call('GET', `${BINDINGS}/binded-apis?acl_id=${id}`)).body;
		assert.is(ofList.apis[0].api_id, api);
		assert.is((await bed.call('DELETE', `${BINDINGS}/${made[0].id}`)).status, 204);
		assert.is((await bed.call('DELETE', `${BINDINGS}/${made[0].id}`)).code, 'ERR_ACL_BINDING_NOT_FOUND');
		await bind([api]);
		await bed.call('DELETE', `${ALL}/${id}`);
		assert.is((await ofApi()).total, 0);
	}));

test.run();
