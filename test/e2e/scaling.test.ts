/** How many instances there are, who waits for one, and how they leave; with the built executable. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunningFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { type HeldRequest, holdRequest, sendHeld } from '../harness/held-requests.ts';
import { ownHost } from '../harness/hosts.ts';
import { ask, probeFunction } from '../harness/probe-function.ts';
import { probesOf } from '../harness/probe-processes.ts';
import { descendantsOf, isAlive, type KnownProcess } from '../harness/process-tree.ts';
import { RawClient } from '../harness/raw-client.ts';
import { until } from '../harness/until.ts';
import { frozenStandsStill } from './isolation-checks.ts';

const test = suite('scaling');

test('E-116: an instance leaves when no request has come for the idle timeout, and the next request starts another', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--idle-timeout', '1']);
	// The first one waits for the start.
	await ask(running.url, '/identity');
	// The timeout begins with the answer, which is known here some time later.
	const askedMs = performance.now();
	const first = await ask(running.url, '/identity');
	const instance = onlyProbe(running);
	await until('the instance has left', () => (isAlive(instance) ? null : true));
	assert.ok(performance.now() - askedMs >= 950, 'it was kept for the idle timeout');
	assert.is.not((await ask(running.url, '/identity')).instance, first.instance);
});

test('E-117: an idle instance that is frozen uses no processor, and answers the next request at once', async () => {
	await frozenStandsStill(ownHost);
});

test('E-118: reserved instances are started ahead, replaced when they die, and kept when others leave', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--reserved', '2', '--idle-timeout', '1']);
	const ahead = await probes(running, 2);
	process.kill(ahead[0]?.pid ?? 0, 'SIGKILL');
	await until('the killed one has been replaced', () => {
		const now = probesOf(running);
		return now.length === 2 && now.every(({ pid }) => pid !== ahead[0]?.pid) ? true : null;
	});
	const held = await Promise.all([holdRequest(running), holdRequest(running), holdRequest(running)]);
	assert.is(probesOf(running).length, 3);
	for (const one of held) assert.is((await one.release()).status, 200);
	await probes(running, 2);
	await dispose(held);
});

test('E-119: beyond the queue, and beyond its deadline, a request is answered 429 with Retry-After', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, [
		...['--concurrency', '1', '--queue', '2', '--queue-timeout', '2'],
	]);
	await using held = await holdRequest(running);
	const waiting = [exchange(running.url), exchange(running.url)];
	await roundTrip(running);
	const beyond = await exchange(running.url);
	for (const answer of [beyond, ...(await Promise.all(waiting))]) {
		assert.is(answer.status, 429, answer.text);
		assert.is(answer.header('X-Httpfn-Error'), 'ERR_TOO_MANY_REQUESTS');
		assert.match(answer.header('Retry-After') ?? '', /^\d+$/);
	}
	assert.is((await held.release()).status, 200);
	assert.is((await exchange(running.url)).status, 200);
});

test('E-120: requests that wait are served in the order in which they came', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--concurrency', '1']);
	await using held = await holdRequest(running);
	const waiting: RawClient[] = [];
	const names = Array.from({ length: 10 }, (_, index) => `turn-${index}`);
	for (const name of names) {
		const client = await RawClient.connect(running.port);
		client.ask(`POST /hold?n=${name} HTTP/1.1`, 'Content-Length: 0');
		waiting.push(client);
		await roundTrip(running);
	}
	await held.release();
	for (const client of waiting) assert.is((await client.answer()).status, 200);
	const last = names.at(-1) ?? '';
	await running.output(last);
	const order = running.records.flatMap(({ line }) => /held: (turn-\d+)/.exec(String(line))?.[1] ?? []);
	assert.equal(order, names);
	await dispose(waiting);
});

test('E-121: on SIGTERM what is in flight is finished, new work is refused, and no process is left', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path);
	const held = await Promise.all([holdRequest(running), holdRequest(running)]);
	const family = descendantsOf(running.pid);
	running.signal('SIGTERM');
	await until('new requests are refused', async () => {
		try {
			return (await exchange(running.url)).header('X-Httpfn-Error') === 'ERR_DRAINING' ? true : null;
		} catch {
			return true;
		}
	});
	for (const one of held) assert.is((await one.release()).status, 200);
	assert.equal(await running.exited, { code: 0, signal: null });
	await until('no process is left', () => (family.some(isAlive) ? null : true), 5_000);
	await dispose(held);
});

test('E-122: concurrent_num requests share an instance, and one more gets another', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--concurrent-num', '5']);
	const held: HeldRequest[] = [];
	for (let count = 0; count < 5; count++) held.push(await holdRequest(running));
	assert.is(probesOf(running).length, 1);
	held.push(await holdRequest(running));
	assert.is(probesOf(running).length, 2);
	const answers = await Promise.all(held.map((one) => one.release()));
	assert.is(new Set(answers.map(({ instance }) => instance)).size, 2);
	await dispose(held);
});

test('E-123: an instance that dies takes only its own requests with it', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path);
	await using held = await holdRequest(running);
	const died = await exchange(running.url, { target: '/exit?code=7' });
	assert.is(died.header('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
	assert.is(died.status, 500);
	assert.is((await held.release()).status, 200);
});

test('E-124: concurrency 0 disables the function', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--concurrency', '0']);
	const answer = await exchange(running.url);
	assert.is(answer.status, 403);
	assert.is(answer.header('X-Httpfn-Error'), 'ERR_FUNCTION_DISABLED');
	assert.equal(probesOf(running), []);
});

test('E-125: a request that waits where no other instance may start takes the one that frees up', async () => {
	await using folder = await probeFunction();
	await using running = await ownHost.run(folder.path, ['--concurrency', '1']);
	await using first = await holdRequest(running);
	const { held, isHeld } = await sendHeld(running);
	await roundTrip(running);
	const { instance } = await first.release();
	await isHeld;
	assert.is((await held.release()).instance, instance);
	assert.is(probesOf(running).length, 1);
	await held[Symbol.asyncDispose]();
});

/** What was sent before has been taken up when this is answered. */
async function roundTrip(running: RunningFunction): Promise<void> {
	await using client = await RawClient.connect(running.port);
	await client.send('GET nowhere HTTP/1.1\r\n\r\n');
	assert.is((await client.answer()).status, 400);
}

function probes(running: RunningFunction, count: number): Promise<KnownProcess[]> {
	return until(`${count} instances`, () => {
		const found = probesOf(running);
		return found.length === count ? found : null;
	});
}

function onlyProbe(running: RunningFunction): KnownProcess {
	const [found, ...others] = probesOf(running);
	if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} instances, wanted one`);
	return found;
}

async function dispose(clients: readonly AsyncDisposable[]): Promise<void> {
	for (const client of clients) await client[Symbol.asyncDispose]();
}

test.run();
