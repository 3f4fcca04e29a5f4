/** From the Host, path and method of a request to the version of a deployed function. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TriggerRecord } from '../../src/catalog/records.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { type Api, NOTHING_ASKED } from '../../src/gateway/api.ts';
import { Cors } from '../../src/gateway/cors.ts';
import { TriggerRouter } from '../../src/server/trigger-router.ts';
import { DeployedBed } from './deployed-bed.ts';

const test = suite('TriggerRouter');

/** Anybody may call it. */
const openApi =
	(cors: Cors | null) =>
	({ id, timeoutMs }: TriggerRecord): Api => ({ ...NOTHING_ASKED, id, cors, backendTimeoutMs: timeoutMs });

/** `NAME@VERSION`, an error's code, or null. */
function asker(
	bed: DeployedBed,
	cors: Cors | null = null,
): (host: string, target: string, method?: string, fieldLines?: string) => string | null {
	const router = new TriggerRouter(bed.catalog, bed.functions, openApi(cors));
	return (host, target, method = 'GET', fieldLines = '') => {
		const found = router.find({ method, host, target, fieldLines, noted: true });
		if (found === null) return null;
		if (found instanceof RuntimeError) return found.code;
		const { name, version } = found.target.settings;
		return `${name}@${version}`;
	};
}

test('A-142: the host names the group: GROUP.localhost, or a host name of the platform, with any port and in any case', async () => {
	await using bed = new DeployedBed();
	bed.trigger(bed.create('one').id, { groupId: 'g1' });
	const ask = asker(bed);
	const hosts = [
		'g1.localhost',
		'G1.LocalHost:8080',
		'g1.localhost.',
		'g1.apig.cn-north-4.huaweicloudapis.com',
		'g1.apic.cn-north-4.huaweicloudapis.com:443',
	];
	for (const host of hosts) assert.is(ask(host, '/'), 'one@latest', host);
	for (const host of ['localhost', 'g2.localhost', 'g1.example.com', 'g1', '', 'g1.localhost.example.com']) {
		assert.is(ask(host, '/'), null, host);
	}
});

test('A-143: of a group’s triggers the exact path counts before a prefix, a named method before any, and a disabled one not at all', async () => {
	await using bed = new DeployedBed();
	bed.trigger(bed.create('all').id, { path: '/' });
	bed.trigger(bed.create('api').id, { path: '/api', match: 'prefix' });
	bed.trigger(bed.create('exact').id, { path: '/api/exact', match: 'exact', method: 'POST' });
	bed.trigger(bed.create('off').id, { path: '/off', status: 'DISABLED' });
	const ask = asker(bed);
	assert.is(ask('g1.localhost', '/apix'), 'all@latest');
	assert.is(ask('g1.localhost', '/api?x=/'), 'api@latest');
	assert.is(ask('g1.localhost', '/api/exact', 'POST'), 'exact@latest');
	assert.is(ask('g1.localhost', '/api/exact'), 'api@latest');
	assert.is(ask('g1.localhost', '/off/x'), 'all@latest');
});

test('A-144: triggers and aliases that change or go are followed at once', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const ask = asker(bed);
	assert.is(ask('g1.localhost', '/'), null);
	const { id: triggerId } = bed.trigger(id, {});
	assert.is(ask('g1.localhost', '/'), 'one@latest');
	bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
	const none = { description: '', weights: null, strategy: null };
	bed.catalog.aliases.create(id, { name: 'prod', version: 'v1', ...none });
	bed.trigger(id, { qualifier: '!prod', path: '/prod' });
	assert.is(ask('g1.localhost', '/prod'), 'one@v1');
	bed.catalog.aliases.update(id, 'prod', { version: 'latest', weights: { v1: 100 } });
	assert.is(ask('g1.localhost', '/prod'), 'one@v1');
	bed.catalog.aliases.update(id, 'prod', { weights: null });
	assert.is(ask('g1.localhost', '/prod'), 'one@latest');
	bed.catalog.triggers.remove(id, triggerId);
	assert.is(ask('g1.localhost', '/'), null);
	bed.catalog.functions.remove(id);
	assert.is(ask('g1.localhost', '/prod'), null);
});

test('A-145: an alias with weights sends about as many percent to the additional version as it says', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
	const weights = { v1: 30 };
	const none = { description: '', strategy: null };
	bed.catalog.aliases.create(id, { name: 'prod', version: 'latest', weights, ...none });
	bed.trigger(id, { qualifier: '!prod' });
	const ask = asker(bed);
	let additional = 0;
	for (let count = 0; count < 4_000; count++) if (ask('g1.localhost', '/') === 'one@v1') additional += 1;
	// Six standard deviations on either side.
	assert.ok(additional > 1_025 && additional < 1_375, `${additional} of 4,000`);
});

test('A-155: an alias with rules sends the requests they hold for to the additional version, by header or cookie, all of them or one', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
	const header = { rule_type: 'Header', param: 'X-Beta', op: 'in', value: 'yes, 1' };
	const cookie = { rule_type: 'cookie', param: 'group', op: '=', value: 'b' };
	const strategy = { v1: { combine_type: 'and', rules: [header, cookie] } };
	bed.catalog.aliases.create(id, {
		name: 'prod',
		version: 'latest',
		description: '',
		weights: null,
		strategy,
	});
	bed.trigger(id, { qualifier: '!prod' });
	const ask = asker(bed);
	const of = (...lines: string[]) =>
		ask('g1.localhost', '/', 'GET', lines.map((line) => `${line}\r\n`).join(''));
	assert.is(of('x-beta: 1', 'Cookie: a=1; group=b'), 'one@v1');
	assert.is(of('X-BETA:yes', 'cookie: group=b'), 'one@v1');
	for (const lines of [
		[],
		['x-beta: 1'],
		['cookie: group=b'],
		['x-beta: 2', 'cookie: group=b'],
		['x-beta: 1', 'cookie: xgroup=b'],
	]) {
		assert.is(of(...lines), 'one@latest', lines.join());
	}
	bed.catalog.aliases.update(id, 'prod', {
		strategy: { v1: { combine_type: 'or', rules: [header, cookie] } },
	});
	assert.is(of('x-beta: 1'), 'one@v1');
	assert.is(of('cookie: group=b'), 'one@v1');
	assert.is(of('cookie: group=c'), 'one@latest');
});

test('G-180: X-Stage names the environment an API was published in, RELEASE where it is not sent; another has none', async () => {
	await using bed = new DeployedBed();
	bed.trigger(bed.create('live').id, { path: '/' });
	bed.trigger(bed.create('next').id, { path: '/', eventData: { env_name: 'TEST' } });
	const ask = asker(bed);
	const staged = (line: string) => ask('g1.localhost', '/', 'GET', `A: b\r\n${line}\r\n`);
	assert.is(staged('X-Other: TEST'), 'live@latest');
	assert.is(staged('X-Stage: RELEASE'), 'live@latest');
	assert.is(staged('x-stage:TEST '), 'next@latest');
	assert.is(staged('X-Stage: DEV'), null);
});

test('G-32: a domain name that is bound to a group leads to it, by any port and case; a wildcard stands for one label', async () => {
	await using bed = new DeployedBed();
	bed.trigger(bed.create('one').id, { groupId: 'g1' });
	bed.trigger(bed.create('two').id, { groupId: 'g2' });
	const ask = asker(bed);
	assert.is(ask('api.example.com', '/'), null);
	const { domains } = bed.catalog;
	const add = (id: string, groupId: string, name: string) => domains.add({ id, project: 'p', groupId, name });
	add('d1', 'g1', 'api.example.com');
	add('d2', 'g2', '*.example.com');
	const found = [
		'api.example.com',
		'API.Example.com.:8443',
		'b.example.com',
		'example.com',
		'a.b.example.com',
	];
	assert.equal(
		found.map((host) => ask(host, '/')),
		['one@latest', 'one@latest', 'two@latest', null, null],
	);
	domains.remove('d1');
	assert.is(ask('api.example.com', '/'), 'two@latest');
});

test('G-33: a preflight leads to the API of the method that it asks for, where that has a plug-in for it', async () => {
	await using bed = new DeployedBed();
	bed.trigger(bed.create('put').id, { path: '/a', method: 'PUT' });
	bed.trigger(bed.create('any').id, { path: '/a', method: 'OPTIONS' });
	const cors = new Cors({
		allowOrigins: ['*'],
		allowMethods: '',
		allowHeaders: '',
		exposeHeaders: '',
		maxAgeSeconds: 1,
		allowCredentials: false,
	});
	const lines = 'Origin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n';
	const ask = (cross: Cors | null) => asker(bed, cross)('g1.localhost', '/a', 'OPTIONS', lines);
	assert.equal([ask(cors), ask(null)], ['put@latest', 'any@latest']);
	assert.is(asker(bed, cors)('g1.localhost', '/a', 'OPTIONS', 'Origin: https://a.example\r\n'), 'any@latest');
});

test.run();
