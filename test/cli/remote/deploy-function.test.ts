import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient } from '../../../src/cli/remote/control-client.ts';
import { type Deployed, type DeployWish, deployFunction } from '../../../src/cli/remote/deploy-function.ts';
import { ServerError } from '../../../src/cli/remote/server-error.ts';
import { type SmallPlatform, smallPlatform } from './small-platform.ts';

const test = suite('deployFunction');

interface Wish extends Partial<Omit<DeployWish, 'code' | 'config'>> {
	readonly code?: string;
	readonly config?: Record<string, unknown>;
}

function deploy(
	{ url: endpoint }: SmallPlatform,
	{ code = 'zip', config = {}, ...more }: Wish,
): Promise<Deployed> {
	const bytes = Buffer.from(code);
	const credentials = { kind: 'none' } as const;
	return deployFunction({
		client: new ControlClient({ endpoint, projectId: 'default', region: 'cn', credentials }),
		reference: { package: 'default', name: 'hello', qualifier: null },
		code: { bytes, digest: createHash('sha512').update(bytes).digest('hex') },
		config: () => config,
		publish: false,
		version: null,
		alias: null,
		trigger: { path: null, groupId: null },
		onStep: () => {},
		...more,
	});
}

const calls = ({ changes }: SmallPlatform): string[] => changes.map(([call]) => call);

test('U-91: a new function is made with its configuration, then what only an update takes, then a trigger', async () => {
	await using platform = await smallPlatform();
	const config = { memory_size: 512, strategy_config: { concurrency: 2, concurrent_num: 3 } };
	const deployed = await deploy(platform, { config });
	assert.equal([deployed.created, deployed.uploaded, deployed.version], [true, true, null]);
	assert.is(deployed.trigger?.event_data.invoke_url, `${platform.url}/`);
	assert.equal(calls(platform), ['POST functions', 'PUT config', 'POST triggers']);
	const [[, made], [, more]] = platform.changes as [[string, Record<string, unknown>], [string, unknown]];
	const { runtime, handler, memory_size: memoryMb, timeout, code_type: type, func_code: code } = made;
	assert.equal([runtime, handler, memoryMb, timeout, type], ['http', 'bootstrap', 512, 3, 'zip']);
	assert.equal(code, { file: Buffer.from('zip').toString('base64') });
	assert.equal(more, { strategy_config: config.strategy_config });
});

test('U-92: deployed again, it gets nothing that it has already', async () => {
	await using platform = await smallPlatform();
	const config = { memory_size: 256, user_data: '{"A":"1","B":"2"}' };
	await deploy(platform, { config });
	platform.forget();
	const again = await deploy(platform, { config: { ...config, user_data: '{"B":"2","A":"1"}' } });
	assert.equal([again.created, again.uploaded, calls(platform)], [false, false, []]);
	const changed = await deploy(platform, { code: 'other', config: { ...config, timeout: 9 } });
	assert.equal([changed.uploaded, calls(platform)], [true, ['PUT config', 'PUT code']]);
	assert.equal(platform.changes[0]?.[1], { timeout: 9 });
});

test('U-93: an alias points to what was published, or to the newest version where nothing has changed since', async () => {
	await using platform = await smallPlatform();
	const first = await deploy(platform, { alias: 'prod' });
	assert.equal([first.version, first.urn.split(':').at(-1)], ['v1', '!prod']);
	assert.equal(platform.aliases, { prod: 'v1' });
	platform.forget();
	const same = await deploy(platform, { alias: 'prod' });
	assert.equal([same.version, calls(platform)], ['v1', ['POST versions']]);
	await deploy(platform, { alias: 'prod', code: 'other' });
	assert.equal(platform.aliases, { prod: 'v2' });
});

test('U-93: a version is published without an alias, under a name of one’s own or the next; without a change that name is an error', async () => {
	await using platform = await smallPlatform();
	assert.is((await deploy(platform, { publish: true, version: 'spring' })).version, 'spring');
	assert.is((await deploy(platform, { publish: true, version: 'spring' })).version, 'spring');
	try {
		await deploy(platform, { publish: true, version: 'summer' });
		assert.unreachable();
	} catch (error) {
		assert.is(error instanceof ServerError && error.serverCode, 'FSS.1016');
	}
	assert.is((await deploy(platform, { publish: true, code: 'other' })).version, 'v2');
});

test('U-91: a trigger of the same alias is kept; another path, or another alias, gets its own', async () => {
	await using platform = await smallPlatform();
	const paths = async (wish: Wish) => (await deploy(platform, wish)).trigger?.event_data.path;
	assert.is(await paths({ trigger: { path: '/a', groupId: 'g' } }), '/a');
	platform.forget();
	assert.is(await paths({}), '/a');
	assert.equal(calls(platform), []);
	assert.is(await paths({ trigger: { path: '/b', groupId: null } }), '/b');
	assert.is(await paths({ alias: 'prod' }), '/');
	assert.match(JSON.stringify(platform.changes.at(-1)), '"group_name":"APIGroup_hello_prod"');
	assert.is(await paths({ trigger: null }), undefined);
});

test.run();
