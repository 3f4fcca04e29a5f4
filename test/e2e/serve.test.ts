/** Several functions behind one httpfn, and a new configuration while it serves; with the built executable. */
import { writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { holdRequest } from '../harness/held-requests.ts';
import { ownHost, type Served } from '../harness/hosts.ts';
import { probeFunction } from '../harness/probe-function.ts';
import { startLoad } from '../harness/steady-load.ts';
import { until } from '../harness/until.ts';

const test = suite('serve');

test('E-126: functions are told apart by host and path, and what no route names is 404', async () => {
	await using folder = await probeFunction();
	await using served = await ownHost.serve({
		functions: {
			first: { code: folder.path, routes: [{ path: '/first', match: 'prefix' }] },
			second: { code: folder.path, routes: [{ host: 'second.test', path: '/', match: 'prefix' }] },
		},
	});
	assert.is((await identify(served, '/first/identity')).function, 'first');
	assert.is((await identify(served, '/identity', 'second.test')).function, 'second');
	const stranger = await exchange(served.running.url, { target: '/elsewhere' });
	assert.is(stranger.status, 404);
	assert.is(stranger.header('X-Httpfn-Error'), 'ERR_ROUTE_NOT_FOUND');
});

test('E-127: a reload gives changed functions new instances, leaves the others theirs, and drops no request under load', async () => {
	await using folder = await probeFunction();
	const config = (greeting: string) => ({
		functions: {
			kept: { code: folder.path, routes: [{ path: '/kept', match: 'prefix' }], concurrentNum: 100 },
			changed: {
				code: folder.path,
				routes: [{ path: '/changed', match: 'prefix' }],
				concurrentNum: 100,
				env: { GREETING: greeting },
			},
		},
	});
	await using served = await ownHost.serve(config('one'));
	const [kept, changed] = [await identify(served, '/kept'), await identify(served, '/changed')];
	const load = startLoad(served.running.url, ['/kept', '/changed']);
	for (const greeting of ['two', 'three', 'four']) {
		await served.rewrite(config(greeting));
		await until('the changed function has a new instance', async () =>
			(await identify(served, '/changed')).greeting === greeting ? true : null,
		);
	}
	const statuses = await load.stop();
	assert.is((await identify(served, '/kept')).instance, kept.instance);
	assert.is.not((await identify(served, '/changed')).instance, changed.instance);
	assert.ok(statuses.length > 20, `${statuses.length} requests`);
	assert.equal(
		statuses.filter((status) => status !== 200),
		[],
	);
});

test('E-128: httpfn reload waits for the outcome; a configuration with mistakes changes nothing', async () => {
	await using folder = await probeFunction();
	const config = { functions: { only: { code: folder.path, routes: [{ path: '/', match: 'prefix' }] } } };
	await using served = await ownHost.serve(config);
	const before = await identify(served, '/identity');
	const done = await runBinary(['reload', '--config', served.configFile]);
	assert.is(done.code, 0, done.stderr);
	assert.is((await identify(served, '/identity')).instance, before.instance);
	await writeFile(served.configFile, JSON.stringify({ ...config, functionz: {} }));
	const refused = await runBinary(['reload', '--config', served.configFile]);
	assert.is(refused.code, 2, refused.stderr);
	assert.match(refused.stderr, /ERR_CONFIG_INVALID/);
	assert.is((await identify(served, '/identity')).instance, before.instance);
});

test('E-129: a request in flight over a reload is finished by the instance that has it', async () => {
	await using folder = await probeFunction();
	const config = (greeting: string) => ({
		functions: {
			only: {
				code: folder.path,
				timeout: 60,
				env: { GREETING: greeting },
				routes: [{ path: '/', match: 'prefix' }],
			},
		},
	});
	await using served = await ownHost.serve(config('one'));
	await using held = await holdRequest(served.running);
	await served.rewrite(config('two'));
	await until('the new configuration holds', async () =>
		(await identify(served, '/identity')).greeting === 'two' ? true : null,
	);
	const released = await held.release();
	assert.is(released.status, 200, released.error);
	assert.is.not(released.instance, (await identify(served, '/identity')).instance);
});

interface Identity {
	readonly instance: string;
	readonly function: string;
	readonly greeting: string;
}

async function identify(served: Served, target: string, host = 'any.test'): Promise<Identity> {
	const answer = await exchange(served.running.url, { target, headers: { host } });
	assert.is(answer.status, 200, answer.text);
	return answer.json as Identity;
}

test.run();
