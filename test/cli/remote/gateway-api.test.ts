import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient } from '../../../src/cli/remote/control-client.ts';
import { GatewayApi } from '../../../src/cli/remote/gateway-api.ts';
import { type StandInServer, standInServer } from './stand-in-server.ts';

const test = suite('GatewayApi');

const KEYS = { kind: 'keys', accessKey: 'AK', secretKey: 'SK' } as const;
const APP = { id: 'a1', name: 'shop', app_key: 'key', app_secret: 'secret' };
const GRANTS = Array.from({ length: 1003 }, (_, index) => ({ id: `g${index}`, api_id: `api${index}` }));

function apiOf({ url }: StandInServer): GatewayApi {
	return new GatewayApi(
		new ControlClient({ endpoint: url, projectId: 'p1', region: 'cn', credentials: KEYS }),
	);
}

test('U-142: everything of a long list is read, page by page', async () => {
	await using server = await standInServer(({ url }) => {
		const { searchParams } = new URL(url, 'http://any');
		const [from, count] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
		return { body: { auths: GRANTS.slice(from, from + count) } };
	});
	const found = await apiOf(server).grants(APP);
	assert.equal(
		found.map(({ id }) => id),
		GRANTS.map(({ id }) => id),
	);
	assert.is(server.asked.length, 3);
});

test('U-142: a server that answers every page alike is asked twice, and not for ever', async () => {
	await using server = await standInServer(() => ({ body: { auths: GRANTS.slice(0, 500) } }));
	assert.is((await apiOf(server).grants(APP)).length, 500);
	assert.is(server.asked.length, 2);
});

test.run();
