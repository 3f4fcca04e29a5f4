/** Several gateway processes and a control plane: what holds of deployed functions with one process holds with all of them together. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient, codeOf } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { ownHost } from '../harness/hosts.ts';
import { commandOf, descendantsOf, isAlive } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';
import { clientOfEach, type WorkerClient, workersOf } from '../harness/worker-clients.ts';
import { asked, codeAt, statusOf, textOf, WORKERS, workersBed } from '../harness/workers-bed.ts';

const test = suite('workers with a control plane');

test('R-13: what is deployed is served by all workers, and a change that was answered holds in all of them', async () => {
	await using the = await workersBed();
	const { client, workers } = the;
	assert.is(workers.length, WORKERS);
	await client.create('one', 'first');
	const url = await client.trigger('one', '/one');
	assert.equal(await asked(workers, textOf(url)), ['first', 'first']);
	const path = `fgs/functions/${client.urn('one')}`;
	for (const text of ['second', 'third', 'first', 'second']) {
		assert.is((await client.call('PUT', `${path}/code`, await codeOf(text))).status, 200);
		assert.equal(await asked(workers, textOf(url)), [text, text]);
	}
	await client.call('POST', `${path}/versions`, { version: 'v1', description: '' });
	await client.call('PUT', `${path}/code`, await codeOf('fourth'));
	await client.call('POST', `${path}/aliases`, { name: 'live', version: 'v1' });
	const live = await the.done('trigger', 'add', 'one:!live', '--path', '/live');
	assert.equal(await asked(workers, textOf(live)), ['second', 'second']);
	await client.call('PUT', `${path}/aliases/live`, { version: 'latest' });
	assert.equal(await asked(workers, textOf(live)), ['fourth', 'fourth']);
	assert.is((await client.call('DELETE', path)).status, 204);
	assert.equal(await asked(workers, statusOf(url)), [404, 404]);
	assert.equal(await asked(workers, statusOf(live)), [404, 404]);
});

test('R-8: a reload of the config file leaves all workers what is deployed, behind the routes of the file', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec node -e "$SERVE"' });
	const serve = "require('http').createServer((q, r) => r.end(process.env.SAYS)).listen(8000, '127.0.0.1')";
	const config = (says: string, path: string) => ({
		workers: WORKERS,
		control: '127.0.0.1:0',
		state: join(folder.path, 'state'),
		functions: {
			own: { code: folder.path, env: { SERVE: serve, SAYS: says }, routes: [{ path, match: 'prefix' }] },
		},
	});
	await using served = await ownHost.serve(config('before', '/one/own'));
	const { running } = served;
	const { control } = await running.record(({ message }) => message === 'listening');
	const client = new ControlClient(String(control));
	await client.create('one', 'deployed');
	const url = await client.trigger('one', '/one');
	const workers = await clientOfEach(running, running.url);
	assert.equal(await asked(workers, textOf(url)), ['deployed', 'deployed']);
	assert.equal(await asked(workers, textOf(`${url}/own`)), ['before', 'before']);
	await served.rewrite(config('after', '/one/other'));
	await running.record(({ message }) => message === 'reloaded');
	assert.equal(await asked(workers, textOf(`${url}/own`)), ['deployed', 'deployed']);
	assert.equal(await asked(workers, textOf(`${url}/other`)), ['after', 'after']);
	for (const worker of workers) await worker[Symbol.asyncDispose]();
});

test('R-28: no request is lost while what it goes to is deployed anew', async () => {
	await using the = await workersBed();
	const { host, client } = the;
	// The load takes the processors that starts need.
	await client.create('one', 'text 0', { timeout: 60 });
	const url = await client.trigger('one', '/one');
	const more = [
		...(await clientOfEach(host.running, host.url)),
		...(await clientOfEach(host.running, host.url)),
	];
	const told: string[] = [];
	let stopping = false;
	const load = [...the.workers, ...more].map(async (worker) => {
		while (!stopping) {
			const { status, text } = await worker.ask(url);
			told.push(`${status} ${text}`);
		}
	});
	for (let count = 1; count <= 8; count++) {
		const seen = told.length;
		const path = `fgs/functions/${client.urn('one')}/code`;
		assert.is((await client.call('PUT', path, await codeOf(`text ${count % 3}`))).status, 200);
		await until('requests have come since', () => (told.length > seen + 20 ? true : null));
	}
	stopping = true;
	await Promise.all(load);
	for (const worker of more) await worker[Symbol.asyncDispose]();
	assert.equal(
		told.filter((answer) => !/^200 text \d$/.test(answer)),
		[],
	);
});

test('R-29: calls of an API are counted over all workers, to the last one, and after a change of something else too', async () => {
	await using the = await workersBed();
	await the.create('one');
	const url = await the.done('trigger', 'add', 'one', '--path', '/one');
	await the.done('throttle', 'add', 'main', '--calls', '20', '--per', '1d');
	await the.done('throttle', 'bind', 'main', 'one');
	const rounds = async (count: number) => {
		const answers = the.workers.map(async (worker) => {
			const codes: (string | null)[] = [];
			for (let index = 0; index < count; index++) codes.push(await codeAt(url)(worker));
			return codes;
		});
		return (await Promise.all(answers)).flat();
	};
	assert.equal(new Set(await rounds(4)), new Set([null]));
	await the.create('other');
	const [first] = the.workers;
	const debugged = await first?.ask(url, { headers: { 'X-Apig-Mode': 'debug' } });
	assert.match(debugged?.value('x-apig-ratelimit-api') ?? '', /^remain:11,limit:20,/);
	const rest = await rounds(10);
	assert.is(rest.filter((code) => code === null).length, 11);
	assert.is(rest.filter((code) => code === 'ERR_THROTTLED').length, 9);
	const [, second] = the.workers;
	const refused = await second?.ask(url);
	assert.is(refused?.status, 429);
	assert.match(refused?.value('retry-after') ?? '', /^\d+$/);
});

test('R-30: guards, lists of addresses and CORS hold in all workers, and an authorizer is asked once for all of them', async () => {
	await using the = await workersBed();
	const { workers } = the;
	await the.create('one', { strategy_config: { concurrency: 1, concurrent_num: 10 } });
	const app = JSON.parse(await the.done('app', 'add', 'shop', '--json'));
	const keys = { 'X-HW-ID': app.app_key, 'X-HW-AppKey': app.app_secret };
	const byApp = await the.done('trigger', 'add', 'one', '--path', '/app', '--auth', 'APP');
	assert.equal(await asked(workers, codeAt(byApp, keys)), ['ERR_APP_FORBIDDEN', 'ERR_APP_FORBIDDEN']);
	await the.done('app', 'allow', 'shop', 'one');
	assert.equal(await asked(workers, codeAt(byApp, keys)), [null, null]);
	await the.done('app', 'reset-secret', 'shop');
	assert.equal(await asked(workers, codeAt(byApp, keys)), ['ERR_APP_UNAUTHORIZED', 'ERR_APP_UNAUTHORIZED']);

	await the.done('authorizer', 'add', 'mine', '--function', 'one', '--header', 'X-User', '--ttl', '3000');
	const judged = await the.done('trigger', 'add', 'one', '--path', '/judged', '--authorizer', 'mine');
	const eve = { 'X-User': 'eve' };
	assert.equal(await asked(workers, codeAt(judged)), ['ERR_AUTHORIZER_IDENTITY', 'ERR_AUTHORIZER_IDENTITY']);
	assert.equal(await asked(workers, codeAt(judged, eve)), ['ERR_AUTHORIZER_DENIED', 'ERR_AUTHORIZER_DENIED']);
	const saying = async (worker: WorkerClient) =>
		JSON.parse((await worker.ask(judged, { headers: { 'X-User': 'ada' } })).text).headers[
			'x-apig-authorizer-judged'
		];
	assert.equal(await asked(workers, saying), ['2', '2']);

	const open = await the.done('trigger', 'add', 'one', '--path', '/open');
	await the.done('acl', 'add', 'office', '--permit', '192.0.2.0/24');
	await the.done('acl', 'bind', 'office', 'one', '--path', '/open');
	assert.equal(await asked(workers, codeAt(open)), ['ERR_ADDRESS_REFUSED', 'ERR_ADDRESS_REFUSED']);
	await the.done('acl', 'unbind', 'office', 'one', '--path', '/open');
	await the.done('cors', 'add', 'pages', '--origins', 'https://a.example', '--methods', 'PUT');
	await the.done('cors', 'bind', 'pages', 'one', '--path', '/open');
	const allowed = async (worker: WorkerClient) => {
		const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PUT' };
		const answer = await worker.ask(open, { method: 'OPTIONS', headers });
		return [answer.status, answer.value('access-control-allow-origin')];
	};
	assert.equal(await asked(workers, allowed), [
		[204, 'https://a.example'],
		[204, 'https://a.example'],
	]);
});

test('R-31: requests of all workers are counted, those of a killed one too, and its log has the begin and the end of each', async () => {
	let stateFolder = '';
	const first = await workersBed();
	try {
		const { host, client, workers } = first;
		stateFolder = host.stateFolder;
		await first.create('one', { strategy_config: { concurrency: 1, concurrent_num: 10 } });
		const url = await client.trigger('one', '/one');
		for (let count = 0; count < 10; count++) await asked(workers, textOf(url));
		const ids = (await asked(workers, (worker) => worker.ask(url))).map((answer) =>
			answer.value('x-cff-request-id'),
		);
		const said = ids.flatMap((id) => [
			`Start invoke request '${id}', version: latest`,
			`Finish invoke request '${id}', duration: `,
		]);
		await until('its log has begin and end of each', async () => {
			const logged = await first.done('logs', 'one');
			return said.every((text) => logged.includes(text)) ? true : null;
		});
		const [victim, other] = workers;
		victim?.send(`${url}/hold`, { method: 'POST', bodyBytes: 1 });
		const { requestId } = await host.running.output('holds /one/hold');
		// What a worker has not told when it is killed nobody knows.
		await until('the owner has heard that it began', async () => {
			const logged = await first.done('logs', 'one');
			return logged.includes(`Start invoke request '${requestId}'`) ? true : null;
		});
		process.kill(victim?.pid ?? 0, 'SIGKILL');
		await until('another took its place', () => {
			const now = workersOf(host.running);
			return now.length === WORKERS && now.every(({ pid }) => pid !== victim?.pid) ? true : null;
		});
		assert.is((await other?.ask(url))?.status, 200);
		const again = await clientOfEach(host.running, host.url);
		assert.equal(await asked(again, statusOf(url)), [200, 200]);
		for (const worker of again) await worker[Symbol.asyncDispose]();
		assert.equal(await host.running.stop(), { code: 0, signal: null });
		await using next = await DeployedHost.start({ stateFolder });
		const report = await new ControlClient(next.control).call('GET', 'fgs/function/report?type=count');
		assert.equal(report.body.values[0]?.value, 20 + 2 + 1 + 1 + 2);
	} finally {
		await first[Symbol.asyncDispose]();
	}
});

test('R-32: what a worker keeps and needs all the time serves an invocation too, and what an invocation had serves the workers', async () => {
	await using the = await workersBed();
	const { host, client, workers } = the;
	await the.create('one', { strategy_config: { concurrency: 1, concurrent_num: 1 } });
	const url = await client.trigger('one', '/one');
	const instanceOf = async (worker: WorkerClient) => JSON.parse((await worker.ask(url)).text).instance;
	const [busy, other] = workers;
	assert.ok(busy && other);
	const instance = await instanceOf(other);
	let stopping = false;
	let served = 0;
	const load = (async () => {
		for (; !stopping; served++) assert.is(await instanceOf(busy), instance);
	})();
	load.catch(() => {});
	const event = { httpMethod: 'GET', path: '/one', headers: {}, queryStringParameters: {}, body: '' };
	for (let count = 0; count < 5; count++) {
		const before = served;
		await until('the worker has been served', () => (served > before + 20 ? true : null));
		const path = `fgs/functions/${client.urn('one')}/invocations`;
		const { status, body } = await client.call('POST', path, event);
		assert.is(status, 200, JSON.stringify(body));
		const told = Buffer.from(body.body, 'base64').toString('utf8');
		assert.is(JSON.parse(told).instance, instance);
	}
	stopping = true;
	await load;
	busy.send(`${url}/hold`, { method: 'POST', bodyBytes: 1 });
	await host.running.output('holds /one/hold');
	other.send(url);
	await busy.raw.send('x');
	assert.equal([(await busy.raw.answer()).status, (await other.raw.answer()).status], [200, 200]);
});

test('R-32: reserved instances are reserved once for all workers', async () => {
	await using the = await workersBed();
	const { host, client, workers } = the;
	await the.create('one');
	const url = await client.trigger('one', '/one');
	await the.reserve('one', 2);
	const instances = () =>
		descendantsOf(host.running.pid).filter(({ pid }) => /^node \S+app\.mjs$/.test(commandOf(pid))).length;
	await until('they are there', () => (instances() === 2 ? true : null));
	for (let count = 0; count < 10; count++)
		await asked(workers, async (worker) => assert.is((await worker.ask(url)).status, 200));
	assert.is(instances(), 2);
});

test('R-33: on a stop all workers finish what deployed functions are at, and no process is left', async () => {
	await using the = await workersBed();
	const { host, client, workers } = the;
	await the.create('one');
	const url = await client.trigger('one', '/one');
	for (const [index, worker] of workers.entries()) {
		worker.send(`${url}/hold-${index}`, { method: 'POST', bodyBytes: 1 });
		await host.running.output(`holds /one/hold-${index}`);
	}
	const family = workersOf(host.running);
	host.running.signal('SIGTERM');
	await host.running.record(({ message }) => message === 'stopping');
	for (const worker of workers) {
		await worker.raw.send('x');
		assert.is((await worker.raw.answer()).status, 200);
	}
	assert.equal(await host.running.exited, { code: 0, signal: null });
	assert.equal(family.filter(isAlive), []);
});

test.run();
