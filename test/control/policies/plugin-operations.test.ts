/** Plug-ins for CORS as the platform's gateway API has them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiOf } from '../../harness/api-of.ts';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('plug-ins');

const GATEWAY = 'apigw/instances/any';
const ALL = `${GATEWAY}/plugins`;
const pluginOf = (content: unknown, changes: object = {}) => ({
	plugin_name: 'pages',
	plugin_type: 'cors',
	plugin_scope: 'global',
	plugin_content: typeof content === 'string' ? content : JSON.stringify(content),
	...changes,
});
const CONTENT = { allow_origin: 'https://a.example,http://b.example:8080', allow_methods: 'GET,PUT' };

test('A-233: a plug-in is made, listed, shown, changed and deleted, its content kept as it was given', () =>
	withBed(async (bed) => {
		const made = await bed.call('POST', ALL, pluginOf(CONTENT));
		assert.is(made.status, 201);
		const { plugin_id: id } = made.body;
		assert.equal(JSON.parse(made.body.plugin_content), CONTENT);
		assert.equal((await bed.call('GET', `${ALL}/${id}`)).body, made.body);
		assert.equal((await bed.call('GET', `${ALL}?plugin_name=pag`)).body.plugins, [made.body]);
		assert.is((await bed.call('GET', `${ALL}?plugin_id=none`)).body.total, 0);
		const changed = await bed.call('PUT', `${ALL}/${id}`, pluginOf({ allow_origin: '*' }));
		assert.is(changed.body.plugin_content, '{"allow_origin":"*"}');
		assert.is((await bed.call('POST', ALL, pluginOf(CONTENT))).code, 'ERR_PLUGIN_EXISTS');
		assert.is((await bed.call('DELETE', `${ALL}/${id}`)).status, 204);
		assert.is((await bed.call('GET', `${ALL}/${id}`)).code, 'ERR_PLUGIN_NOT_FOUND');
	}));

test('A-234: origins are scheme, host and port; with credentials nothing is *; other types and broken content are refused', () =>
	withBed(async (bed) => {
		const wrong = [
			pluginOf('{'),
			pluginOf({}),
			pluginOf({ allow_origin: 'a.example' }),
			pluginOf({ allow_origin: 'https://a.example/' }),
			pluginOf({ allow_origin: 'https://a.example,*' }),
			pluginOf({ allow_origin: 'null' }),
			pluginOf({ allow_origin: '*', allow_credentials: true }),
			pluginOf({ allow_origin: 'https://a.example', allow_headers: '*', allow_credentials: true }),
			pluginOf({ allow_origin: '*', allow_methods: 'GET\r\nX: y' }),
			pluginOf({ allow_origin: '*', max_age: -1 }),
			pluginOf(CONTENT, { plugin_type: 'rate_limit' }),
		];
		for (const body of wrong)
			assert.is((await bed.call('POST', ALL, body)).code, 'ERR_BODY_INVALID', JSON.stringify(body));
	}));

test('A-235: a plug-in is attached to APIs and detached; an API leaves the one that it had', () =>
	withBed(async (bed) => {
		const api = await apiOf(bed, 'hello');
		const first = (await bed.call('POST', ALL, pluginOf(CONTENT))).body.plugin_id;
		const second = (await bed.call('POST', ALL, pluginOf(CONTENT, { plugin_name: 'other' }))).body.plugin_id;
		const attach = (id: string, api_ids: readonly string[]) =>
			bed.call('POST', `${ALL}/${id}/attach`, { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', api_ids });
		assert.is((await attach(first, ['none'])).code, 'ERR_API_NOT_FOUND');
		assert.is((await attach(first, [api])).status, 201);
		await attach(second, [api]);
		const ofApi = async () => (await bed.call('GET', `${GATEWAY}/apis/${api}/attached-plugins`)).body;
		const ofPlugin = async (id: string) => (await bed.call('GET', `${ALL}/${id}/attached-apis`)).body;
		assert.equal(
			(await ofApi()).plugins.map((one: { plugin_id: string }) => one.plugin_id),
			[second],
		);
		assert.equal([(await ofPlugin(first)).total, (await ofPlugin(second)).apis[0].api_id], [0, api]);
		assert.is((await bed.call('PUT', `${ALL}/${second}/detach`, { api_ids: [api, 'none'] })).status, 204);
		assert.is((await ofApi()).total, 0);
	}));

test.run();
