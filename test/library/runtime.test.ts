/** A runtime in this process, with a real function on this test's own 127.0.0.1:8000. */
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRuntime } from '../../src/library/create-runtime.ts';
import type { InstanceExit, Runtime } from '../../src/library/runtime.ts';
import type { RuntimeOptions } from '../../src/library/runtime-options.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { startSource } from '../harness/source-process.ts';
import { until } from '../harness/until.ts';
import { codeOf, markedProcesses, said, upgradeServer } from './support.ts';

const test = suite('runtime');

const APP = `
import http from 'node:http';
const server = http.createServer((request, response) => {
	if (request.url === '/hold') return;
	if (request.url === '/crash') process.exit(3);
	console.log('got ' + request.url);
	response.setHeader('content-type', 'application/json');
	const { method, url, headers } = request;
	response.end(JSON.stringify({ method, url, headers, greeting: process.env.GREETING }));
});
server.on('upgrade', (request, socket) => {
	if (request.url === '/refused') socket.end('HTTP/1.1 403 Forbidden\\r\\nContent-Length: 4\\r\\n\\r\\nno\\r\\n');
	else if (request.url === '/crash') process.exit(4);
	else socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n');
	socket.on('data', (bytes) => socket.write(bytes));
	socket.on('end', () => socket.end());
	socket.on('error', () => {});
});
server.listen(8000, '127.0.0.1');
`;
/** On a busy machine the news of the exit may come too late to be the cause. */
const LOST = /^ERR_(FUNCTION_EXITED|RESPONSE_INCOMPLETE)$/;
const FILES = { bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP };

async function served(use: (runtime: Runtime) => Promise<void>, options: Partial<RuntimeOptions> = {}) {
	await using folder = await functionFolder(FILES);
	await using runtime = await createRuntime({
		folder: folder.path,
		isolation: 'direct',
		initTimeout: 60,
		timeout: 30,
		...options,
	});
	await use(runtime);
}

const at = (path: string, init?: RequestInit) => new Request(`http://shop.example${path}`, init);

test('L-10: a runtime serves a folder by the options of a program', async () => {
	await served(
		async ({ fetch, isolation, stats }) => {
			assert.is(isolation, 'direct');
			assert.is(stats.starts, 0);
			const told = (await (await fetch(at('/a?b=c'))).json()) as Record<string, unknown>;
			const headers = told.headers as Record<string, string>;
			assert.equal([told.method, told.url, told.greeting], ['GET', '/a?b=c', 'hello']);
			assert.is(headers['x-cff-func-name'], 'shop');
			assert.is(headers['x-real-ip'], '127.0.0.1');
		},
		{ env: { GREETING: 'hello' }, name: 'shop' },
	);
});

test('L-11: servers hand over where a request comes from, each in its way', async () => {
	await served(async ({ fetch }) => {
		const sources = [
			{ remoteAddress: '192.0.2.1' },
			{ remoteAddr: { transport: 'tcp', hostname: '192.0.2.1', port: 9 } },
			{ requestIP: () => ({ address: '192.0.2.1' }) },
		];
		for (const source of sources) {
			const told = (await (await fetch(at('/'), source)).json()) as { headers: Record<string, string> };
			assert.is(told.headers['x-real-ip'], '192.0.2.1');
		}
		const odd = { API_KEY: 'of another framework' } as object;
		assert.is((await fetch(at('/'), odd)).status, 200);
	});
});

test('L-12: a program is told of processes, lines and records', async () => {
	const events: string[] = [];
	const on: RuntimeOptions['on'] = {
		start: () => events.push('start'),
		listening: ({ startMs }) => events.push(startMs > 0 ? 'listening' : 'too soon'),
	};
	await served(
		async (runtime) => {
			const exits: InstanceExit[] = [];
			const lines: string[] = [];
			runtime.on('exit', (exit) => exits.push(exit));
			runtime.on('output', ({ line }) => lines.push(line));
			const off = runtime.on('log', ({ message }) => events.push(message));
			const answer = await runtime.fetch(at('/x'));
			assert.is(answer.status, 200);
			assert.equal(events, ['start', 'the function is ready', 'listening']);
			await until('the line', () => (lines.includes('got /x') ? true : null));
			off();
			const crashed = await runtime.fetch(at('/crash'));
			assert.match(crashed.headers.get('X-Httpfn-Error') ?? '', LOST);
			const exit = await until('the exit', () => exits[0] ?? null);
			assert.equal([exit.cause, exit.code, exit.listened], ['exited', 3, true]);
			assert.equal(exit.requestIds, [crashed.headers.get('X-Cff-Request-Id')]);
			assert.is(events.length, 3);
			assert.is((await runtime.fetch(at('/again'))).status, 200);
			await runtime.close();
			assert.is(exits.at(-1)?.cause, 'stopped');
		},
		{ on },
	);
});

test('L-13: an upgrade that a server of node:http hands over becomes a tunnel', async () => {
	await served(async (runtime) => {
		await using site = await upgradeServer(runtime);
		const client = await site.client('/chat', 'X-CFF-Region: mars', 'Sec-WebSocket-Key: x');
		void client.send('early');
		const head = await client.takeThrough('\r\n\r\n');
		assert.match(head, /^HTTP\/1\.1 101 .*\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/s);
		assert.match(head, /X-Cff-Request-Id: /);
		assert.is((await client.takeBytes(5)).toString(), 'early');
		const large = Buffer.alloc(1_000_000, 'w');
		void client.send(large);
		assert.ok((await client.takeBytes(large.length)).equals(large));
		assert.is(runtime.stats.requests, 1);
		client.end();
		await client.ended;
		await until('the place is free', () => (runtime.stats.requests === 0 ? true : null));
	});
});

test('L-13: whatever else an upgrade is answered with ends its connection', async () => {
	await served(async (runtime) => {
		await using site = await upgradeServer(runtime);
		const refused = await site.client('/refused');
		void refused.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
		const answer = (await refused.takeRest()).toString('latin1');
		assert.match(answer, /^HTTP\/1\.1 403 .*Connection: close\r\n/s);
		assert.is(answer.split('HTTP/1.1').length, 2);
		const crashed = await site.client('/crash');
		const failure = (await crashed.takeRest()).toString('latin1');
		assert.match(failure, /^HTTP\/1\.1 50\d .*X-Httpfn-Error: ERR_/s);
		assert.match(failure.match(/ERR_\w+/)?.[0] ?? '', LOST);
	});
});

test('L-14: an event is answered with its envelope', async () => {
	await served(async (runtime) => {
		const event = {
			httpMethod: 'GET',
			path: '/e',
			queryStringParameters: { q: '1' },
			headers: { 'x-a': 'b' },
		};
		for (const form of [event, JSON.stringify(event)]) {
			const { statusCode, headers, body, isBase64Encoded } = await runtime.invoke(form);
			assert.equal([statusCode, isBase64Encoded], [200, true]);
			assert.equal(headers['Content-Type'], ['application/json']);
			const told = JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as Record<string, unknown>;
			assert.is(told.url, '/e?q=1');
		}
		assert.is(await codeOf(runtime.invoke('{')), 'ERR_EVENT_INVALID');
		assert.match(await codeOf(runtime.invoke({ httpMethod: 'GET', path: '/crash' })), LOST);
		const abort = new AbortController();
		const held = runtime.invoke({ httpMethod: 'GET', path: '/hold' }, { signal: abort.signal });
		await until('it is under way', () => (runtime.stats.requests === 1 ? true : null));
		abort.abort(new Error('enough'));
		assert.match(await held.then(() => '', String), /enough/);
		assert.is(runtime.stats.requests, 0);
	});
});

test('L-15: a runtime that is closed leaves nothing and answers that it has stopped; twice is harmless', async () => {
	await served(async (runtime) => {
		let pid = 0;
		runtime.on('start', (started) => {
			pid = started.pid;
		});
		assert.is((await runtime.fetch(at('/'))).status, 200);
		const held = runtime.fetch(at('/hold'));
		await until('it is under way', () => (runtime.stats.requests === 1 ? true : null));
		const closed = runtime.close();
		await Promise.all([closed, runtime.close(0)]);
		assert.is((await held).headers.get('X-Httpfn-Error'), 'ERR_DRAINING');
		assert.is(readdirSync('/proc').includes(String(pid)), false);
		assert.equal(markedProcesses(process.pid), []);
		assert.is((await runtime.fetch(at('/'))).headers.get('X-Httpfn-Error'), 'ERR_DRAINING');
		assert.is(await codeOf(runtime.invoke({ httpMethod: 'GET', path: '/' })), 'ERR_DRAINING');
	});
});

test('L-16: of two runtimes with direct isolation the second is told who has the port', async () => {
	await served(async (first) => {
		assert.is((await first.fetch(at('/'))).status, 200);
		await served(async (second) => {
			const answer = await second.fetch(at('/'));
			assert.is(answer.headers.get('X-Httpfn-Error'), 'ERR_PORT_IN_USE');
		});
		assert.is((await first.fetch(at('/'))).status, 200);
	});
});

test('L-17: when the program is killed, its function ends, and whoever of it left its group', async () => {
	const bootstrap = 'setsid -f sleep 1000\nexec node $RUNTIME_CODE_ROOT/app.mjs';
	await using folder = await functionFolder({ ...FILES, bootstrap });
	const { child, exited } = startSource('test/library/host-process.ts', [folder.path]);
	const host = child.pid ?? 0;
	assert.is(await said(child), `200 direct ${host}`);
	assert.ok(markedProcesses(host).length >= 2);
	process.kill(host, 'SIGKILL');
	await exited;
	await until('its processes are gone', () => (markedProcesses(host).length === 0 ? true : null));
});

test('L-18: what is wrong with the options is told at once, and leaves nothing', async () => {
	const wrong = { folder: '.', memory: 100, memroy: 128, listen: '127.0.0.1:80' } as unknown;
	const failure = await createRuntime(wrong as RuntimeOptions).then(
		() => null,
		(error: { code: string; mistakes: { source: string }[] }) => error,
	);
	assert.is(failure?.code, 'ERR_CONFIG_INVALID');
	const sources = failure?.mistakes.map(({ source }) => source);
	assert.equal(sources, ['option memroy', 'option listen', 'option memory']);
	await using folder = await functionFolder({ 'app.js': '' });
	assert.is(await codeOf(createRuntime({ folder: folder.path })), 'ERR_BOOTSTRAP_MISSING');
	assert.is(await codeOf(createRuntime({} as RuntimeOptions)), 'ERR_CONFIG_INVALID');
});

test('L-21: without the right to make namespaces the isolation is direct, and the program is not replaced', async () => {
	await using folder = await functionFolder(FILES);
	const through = ['unshare', '--user', '--'];
	const { child, exited } = startSource('test/library/host-process.ts', [folder.path, 'auto'], { through });
	const host = child.pid ?? 0;
	assert.is(await said(child), `200 direct ${host}`);
	const own = readFileSync(`/proc/${host}/environ`, 'latin1');
	assert.is(own.includes('_HTTPFN_USER_NAMESPACE'), false);
	process.kill(host, 'SIGKILL');
	await exited;
	await until('its processes are gone', () => (markedProcesses(host).length === 0 ? true : null));
});

test('L-28: where namespaces are not to be had, whoever asked for them is told which option to give instead', async () => {
	await using folder = await functionFolder(FILES);
	const through = ['unshare', '--user', '--'];
	const argv = [folder.path, 'namespace'];
	const { child, exited } = startSource('test/library/host-process.ts', argv, { through });
	let told = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		told += text;
	});
	assert.is.not((await exited).code, 0);
	assert.match(told, /Could not isolate instances by namespaces: .*, or isolation: 'direct'/);
});

test.run();
