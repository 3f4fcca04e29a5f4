import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource } from '../harness/source-process.ts';
import { echoFunction } from './echo-function.ts';
import { RunningCommand } from './running-command.ts';

const test = suite('httpfn run');
const ANY_PORT = ['--listen', '127.0.0.1:0'];

async function get(url: string): Promise<{ status: number; body: string }> {
	const request = http.get(url, { agent: false });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	let body = '';
	for await (const chunk of response.setEncoding('utf8')) body += chunk;
	return { status: response.statusCode ?? 0, body };
}

/** A request that the function holds: resolves when the function has it, with what becomes of it. */
async function heldRequest(running: RunningCommand, url: string): Promise<{ outcome: Promise<string> }> {
	const request = http.get(`${url}/hold`, { agent: false });
	// An error rejects the wait for the response.
	const outcome = once(request, 'response').then(
		() => 'answered',
		() => 'cut',
	);
	await running.record(({ line }) => line === 'got GET /hold');
	return { outcome };
}

test('U-27: run prints its URL on one line, answers there, and a signal ends it with 0', async () => {
	await using folder = await echoFunction();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		await using running = new RunningCommand([folder.path, ...ANY_PORT, '--env', 'GREETING=hello']);
		const url = await running.url();
		assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
		const { status, body } = await get(`${url}/a?b=c`);
		const answer = JSON.parse(body);
		assert.equal([status, answer.url, answer.greeting], [201, '/a?b=c', 'hello']);
		assert.ok(answer.headers['x-cff-request-id']);
		running.signal(signal);
		assert.equal(await running.exited, { code: 0, signal: null });
		assert.ok(running.records.some(({ message }) => message === 'stopped'));
	}
});

test('U-27: a client that keeps an idle connection open does not delay the end', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT]);
	const { port } = new URL(await running.url());
	const idle = net.connect(Number(port), '127.0.0.1');
	idle.on('error', () => {});
	await once(idle, 'connect');
	idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await once(idle, 'data');
	running.signal('SIGTERM');
	assert.equal(await running.exited, { code: 0, signal: null });
	idle.destroy();
});

test('U-28: a second signal ends the wait for requests in flight, and the exit code says so', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT, '--timeout', '300']);
	const { outcome } = await heldRequest(running, await running.url());
	running.signal('SIGTERM');
	await running.record(({ message }) => message === 'stopping');
	running.signal('SIGTERM');
	assert.equal(await running.exited, { code: 130, signal: null });
	assert.ok(['cut', 'answered'].includes(await outcome));
});

test('U-29: a listening port that is taken is ERR_LISTEN_FAILED, and names who has it', async () => {
	await using folder = await echoFunction();
	const holder = net.createServer().listen(0, '127.0.0.1');
	await once(holder, 'listening');
	const { port } = holder.address() as net.AddressInfo;
	const { code, stdout, stderr } = await runSource('src/cli/main.ts', [
		...['run', folder.path, '--listen', `127.0.0.1:${port}`],
	]);
	holder.close();
	assert.equal([code, stdout], [1, '']);
	assert.match(stderr, 'ERR_LISTEN_FAILED');
	assert.match(stderr, `(pid ${process.pid})`);
});

test('U-33: listening beyond this machine is allowed, with a warning in the log', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, '--listen', '0.0.0.0:0']);
	const url = await running.url();
	assert.is((await get(url)).status, 201);
	const warning = await running.record(({ level }) => level === 'warn');
	assert.is(warning.url, url);
});

test('U-32: run goes on serving when the readers of its log and of its URL go away', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT]);
	const url = await running.url();
	running.stdout.destroy();
	running.stderr.destroy();
	for (let index = 0; index < 3; index++) assert.is((await get(url)).status, 201);
	running.signal('SIGTERM');
	assert.equal(await running.exited, { code: 0, signal: null });
});

test('U-41: the log of a run is JSON where stderr is no terminal, and text where it is asked for', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT]);
	const url = await running.url();
	const listening = await running.record(({ message }) => message === 'listening');
	assert.is(listening.url, url);
});

test('U-45: --log-level keeps httpfn quieter, and never the function', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT, '--log-level', 'error']);
	await get(`${await running.url()}/x`);
	await running.record(({ line }) => line === 'got GET /x');
	running.signal('SIGTERM');
	await running.exited;
	assert.ok(running.records.every(({ stream }) => stream !== undefined));
});

test('U-30: --eager starts the function without a request, and a signal ends both', async () => {
	await using folder = await echoFunction();
	await using running = new RunningCommand([folder.path, ...ANY_PORT, '--eager']);
	await running.url();
	await running.record(({ message }) => message === 'the function is ready');
	running.signal('SIGTERM');
	assert.equal(await running.exited, { code: 0, signal: null });
});

test.run();
