/** Several gateway processes: what holds with one process holds with all of them together; with the built executable. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunningFunction, runBinary, startBinary, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { type HeldRequest, holdRequest, sendHeld } from '../harness/held-requests.ts';
import { ownHost, strangerHost } from '../harness/hosts.ts';
import { ask, probeFunction } from '../harness/probe-function.ts';
import { probesOf } from '../harness/probe-processes.ts';
import { descendantsOf, isAlive } from '../harness/process-tree.ts';
import { RawClient } from '../harness/raw-client.ts';
import { startLoad } from '../harness/steady-load.ts';
import { until } from '../harness/until.ts';
import { workersOf } from '../harness/worker-clients.ts';

const test = suite('workers');

const SHARED = ['--concurrent-num', '100'];
/** It promises to keep connections, and turns to the next when the one before is closed. */
const ONE_AT_A_TIME = `exec node -e "
const waiting = [];
let current = null;
const next = () => {
	current = waiting.shift() ?? null;
	if (current === null) return;
	current.on('data', () => current.write('HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nKeep-Alive: timeout=30\\r\\n\\r\\nok'));
	current.on('end', () => current.end());
	current.on('close', next);
	current.resume();
};
require('node:net').createServer({ pauseOnConnect: true }, (socket) => {
	socket.on('error', () => {});
	waiting.push(socket);
	if (current === null) next();
}).listen(8000, '127.0.0.1');
"
`;
/** So many connections that each of three workers has some, but for one time in a million. */
const MANY = 40;

for (const workers of ['1', '3']) {
	test(`R-2: concurrency and concurrent_num are exact, and beyond the queue is 429, with ${workers}`, async () => {
		await using folder = await probeFunction();
		await using running = await ownHost.run(folder.path, [
			...['--workers', workers, '--queue-timeout', '60'],
			...['--concurrency', '2', '--concurrent-num', '5', '--queue', '3'],
		]);
		const sent = await Promise.all(Array.from({ length: 18 }, () => sendHeld(running)));
		const isAnswered = ({ held }: (typeof sent)[number]) => held.client.bytesWaiting > 0;
		await until('those beyond the queue are answered', () =>
			sent.filter(isAnswered).length >= 5 && heldIn(running) >= 10 ? true : null,
		);
		const refused = sent.filter(isAnswered);
		const rest = sent.filter((one) => !isAnswered(one));
		assert.is(refused.length, 5);
		for (const { held } of refused) assert.is((await held.client.answer()).status, 429);
		assert.is(heldIn(running), 10);
		assert.is(probesOf(running).length, 2);
		const answers = await Promise.all(rest.map(({ held }) => held.release()));
		for (const { status, error } of answers) assert.is(status, 200, error);
		await dispose(sent.map(({ held }) => held));
	});

	test(`R-3: requests of an instance that dies are told the cause, others are served, and every record is a line, with ${workers}`, async () => {
		await using folder = await probeFunction();
		const logFolder = await mkdtemp(join(tmpdir(), 'httpfn-workers-'));
		const accessLog = join(logFolder, 'access.log');
		const running = await ownHost.run(folder.path, [
			...['--workers', workers, '--access-log', accessLog],
			...SHARED,
		]);
		const held = await Promise.all(Array.from({ length: 8 }, () => holdRequest(running)));
		const exit = await exchange(running.url, { target: '/exit?code=3' });
		assert.is(exit.header('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
		for (const { client } of held) {
			const answer = await client.answer();
			assert.is(answer.value('x-httpfn-error'), 'ERR_FUNCTION_EXITED', answer.text);
		}
		const ids = await Promise.all(
			Array.from({ length: 100 }, async () => (await ask(running.url, '/identity')).answer),
		);
		await running.stop();
		const records = readFileSync(accessLog, 'utf8').trimEnd().split('\n');
		const logged = records.map((line) => (JSON.parse(line) as { requestId: string }).requestId);
		assert.is(logged.length, 109);
		for (const answer of ids) assert.ok(logged.includes(answer.header('X-Cff-Request-Id') ?? ''));
		await dispose(held);
		await rm(logFolder, { recursive: true });
	});
}

test('R-4: what a function says while one request is on it bears the id of that request', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--workers', '3']);
	for (let count = 0; count < 5; count++) {
		const client = await RawClient.connect(running.port);
		client.ask(`POST /hold?n=said-${count}. HTTP/1.1`, 'Content-Length: 0');
		const answer = await client.answer();
		const line = await running.output(`said-${count}.`);
		assert.is(line.requestId, answer.value('x-cff-request-id'));
		await client[Symbol.asyncDispose]();
	}
});

test('R-5: a place that a worker keeps serves the request of another before an instance is started for it', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--workers', '3']);
	const first = await ask(running.url, '/identity');
	// Each on a connection of its own, and so on any of the workers.
	for (let count = 0; count < MANY; count++)
		assert.is((await ask(running.url, '/identity')).instance, first.instance);
	assert.is(probesOf(running).length, 1);
});

test('R-6: a worker that is killed loses its own connections only, its places are free, and another takes its place', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, [
		...['--workers', '3', '--queue', '0'],
		...['--concurrency', '1', '--concurrent-num', String(MANY)],
	]);
	const held = await Promise.all(Array.from({ length: MANY }, () => holdRequest(running)));
	const [victim] = workersOf(running);
	process.kill(victim?.pid ?? 0, 'SIGKILL');
	const isLost = ({ client: { socket } }: HeldRequest) => socket.readableEnded || socket.destroyed;
	await until('the killed worker has lost its connections', () => (held.some(isLost) ? true : null));
	await until('three workers run again', () => {
		const now = workersOf(running);
		return now.length === 3 && now.every(({ pid }) => pid !== victim?.pid) ? true : null;
	});
	const lost = held.filter(isLost);
	assert.ok(lost.length < MANY, `${lost.length} connections were lost`);
	const again = await Promise.all(lost.map(() => holdRequest(running)));
	assert.is((await exchange(running.url)).status, 429, 'every other place is taken still');
	for (const one of [...held.filter((one) => !isLost(one)), ...again])
		assert.is((await one.release()).status, 200);
	assert.is(probesOf(running).length, 1);
	await dispose([...held, ...again]);
});

test('R-7: when the owner is killed, workers and instances end', async () => {
	await using folder = await probeFunction();
	const running = await ownHost.run(folder.path, ['--workers', '3', ...SHARED]);
	await using held = await holdRequest(running);
	const family = descendantsOf(running.pid);
	assert.is(workersOf(running).length, 3);
	await running.stop('SIGKILL');
	await until('no process is left', () => (family.some(isAlive) ? null : true));
	assert.is(held.client.socket.readableEnded, true);
});

test('R-8: a reload takes effect in all workers, and drops no request under load', async () => {
	await using folder = await probeFunction();
	const config = (greeting: string) => {
		const one = { code: folder.path, concurrentNum: 100, env: { GREETING: greeting } };
		return { workers: 3, functions: { one: { ...one, routes: [{ path: '/', match: 'prefix' }] } } };
	};
	await using served = await ownHost.serve(config('one'));
	const { url } = served.running;
	const load = startLoad(url, ['/identity']);
	for (const greeting of ['two', 'three']) {
		await served.rewrite(config(greeting));
		await until('it is served', async () =>
			(await ask(url, '/identity')).greeting === greeting ? true : null,
		);
		for (let count = 0; count < 10; count++) assert.is((await ask(url, '/identity')).greeting, greeting);
	}
	const statuses = await load.stop();
	assert.ok(statuses.length > 20, `${statuses.length} requests`);
	assert.equal(
		statuses.filter((status) => status !== 200),
		[],
	);
});

test('R-9: on a stop all workers finish what is in flight, whoever else is signalled, and no process is left', async () => {
	await using folder = await probeFunction();
	const running = await ownHost.run(folder.path, ['--workers', '3', ...SHARED]);
	const held = await Promise.all(Array.from({ length: 10 }, () => holdRequest(running)));
	const family = descendantsOf(running.pid);
	for (const { pid } of workersOf(running)) process.kill(pid, 'SIGTERM');
	running.signal('SIGTERM');
	await running.record(({ message }) => message === 'stopping');
	for (const one of held) assert.is((await one.release()).status, 200);
	assert.equal(await running.exited, { code: 0, signal: null });
	await until('no process is left', () => (family.some(isAlive) ? null : true));
	await dispose(held);
});

test('R-10: connections-max holds for the connections of all workers together', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, [
		...['--workers', '3', '--connections-max', '12'],
		...SHARED,
	]);
	const clients: RawClient[] = [];
	const status = async (): Promise<number> => {
		const client = await RawClient.connect(running.port);
		clients.push(client);
		client.ask('GET /identity HTTP/1.1');
		return (await client.answer()).status;
	};
	for (let count = 0; count < 12; count++) assert.is(await status(), 200);
	for (let count = 0; count < 6; count++) assert.is(await status(), 503);
	for (const client of clients) await client[Symbol.asyncDispose]();
	await until('there is room again', async () => ((await status()) === 200 ? true : null));
	for (const client of clients) await client[Symbol.asyncDispose]();
});

test('R-11: an idle instance leaves, although workers keep places', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--workers', '3', '--idle-timeout', '1', ...SHARED]);
	await Promise.all(Array.from({ length: 12 }, () => ask(running.url, '/identity')));
	await until('it has left', () => (probesOf(running).length === 0 ? true : null));
});

test('R-12: workers share Unix sockets, and the port of a TCP listener is nobody else’s', async () => {
	await using folder = await probeFunction();
	const path = join(folder.path, 'httpfn.sock');
	const listen = ['--listen', `unix:${path},127.0.0.1:0`, '--log-format', 'json'];
	await using running = await startBinary(['run', folder.path, '--workers', '3', ...listen, ...SHARED]);
	const tcp = await running.line('http://127');
	for (const place of [{ path }, { port: Number(new URL(tcp).port), host: '127.0.0.1' }]) {
		const client = new RawClient(net.connect({ ...place, allowHalfOpen: true }));
		client.ask('GET /identity HTTP/1.1');
		assert.is((await client.answer()).status, 200);
		await client[Symbol.asyncDispose]();
	}
	const other = await runBinary(['run', folder.path, '--listen', new URL(tcp).host, '--workers', '3']);
	assert.match(other.stderr, /ERR_LISTEN_FAILED/);
	await running.stop();
	assert.not.ok(existsSync(path));
});

for (const host of [ownHost, strangerHost()]) {
	test(`R-1: requests are served by the asked number of processes, as ${host.name}`, async () => {
		await using folder = await probeFunction();
		await using running = await host.run(folder.path, ['--workers', '2']);
		assert.is((await exchange(running.url, { target: '/identity' })).status, 200);
		assert.is(workersOf(running).length, 2);
	});
}

test('R-24: a function that serves one connection at a time serves all workers', async () => {
	await using folder = await functionFolder({ bootstrap: ONE_AT_A_TIME });
	for (const places of ['1', '10']) {
		const argv = ['--workers', '3', '--timeout', '5', '--concurrency', '1', '--concurrent-num', places];
		await using running = await startFunction(folder.path, argv);
		const statuses = await Promise.all(
			Array.from({ length: 5 }, async () => [
				(await exchange(running.url)).status,
				(await exchange(running.url)).status,
			]),
		);
		assert.equal(new Set(statuses.flat()), new Set([200]), `${places} at a time`);
	}
});

/** Requests that the function has said to hold. */
function heldIn(running: RunningFunction): number {
	return running.records.filter(({ line }) => String(line).startsWith('a request is held')).length;
}

async function dispose(held: readonly HeldRequest[]): Promise<void> {
	for (const one of held) await one[Symbol.asyncDispose]();
}

test.run();
