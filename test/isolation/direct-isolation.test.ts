import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import { DirectIsolation } from '../../src/isolation/direct-isolation.ts';
import { groupMembers } from '../../src/process/survivors.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { failure, get, inState, isLiving, lived, newInstance } from '../process/support.ts';

const test = suite('direct isolation');
const STOPPED = 'T';
/** Not stopped: running, sleeping, or in a read. */
const GOING = 'RSD';

test('S-3: a held port is refused with the name of the program that holds it, and nothing is started', async () => {
	for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
		const isolation = new DirectIsolation();
		const holder = net.createServer();
		await new Promise<void>((resolve) => holder.listen({ host, port: 8000 }, resolve));
		await lived(
			'answers',
			async ({ instance, log }) => {
				const { code, message } = await failure(instance.start());
				assert.is(code, 'ERR_PORT_IN_USE');
				assert.ok(message.includes(`(pid ${process.pid})`), message);
				assert.is(instance.ready, false);
				assert.is(log.lines.length, 0);
			},
			{ isolation },
		);
		await new Promise((resolve) => holder.close(resolve));
		// The next start finds it free.
		await lived('answers', ({ instance }) => instance.start(), { isolation });
	}
});

test('S-3: a listener on the IPv6 loopback does not hold the port', async () => {
	const holder = net.createServer();
	await new Promise<void>((resolve) => holder.listen({ host: '::1', port: 8000 }, resolve));
	await lived('answers', ({ instance }) => instance.start());
	await new Promise((resolve) => holder.close(resolve));
});

test('I-64: a start that another function leaves no room for is refused after a while, and the next one finds room', async () => {
	const isolation = new DirectIsolation({ waitMs: 50 });
	const first = newInstance('answers', { isolation });
	const second = newInstance('answers', { isolation });
	await first.instance.start();
	assert.is((await failure(second.instance.start())).code, 'ERR_ISOLATION_UNAVAILABLE');
	await first.instance.stop(300);
	const third = newInstance('answers', { isolation });
	await third.instance.start();
	await third.instance.stop(300);
});

test('S-45: one instance at a time: a start waits until nothing is left of the one before', async () => {
	const isolation = new DirectIsolation();
	assert.is(isolation.instancesMax, 1);
	const first = newInstance('stubborn', { isolation });
	const second = newInstance('answers', { isolation });
	const third = newInstance('answers', { isolation });
	await first.instance.start();
	const pid = Number(first.log.records[0]?.fields.pid);
	const started = second.instance.start().then(() => isLiving(pid));
	const startedLast = third.instance.start().then(() => second.instance.ready);
	const stopped = first.instance.stop(300);
	assert.is(await started, false, 'the first is gone when the second listens');
	await stopped;
	assert.is(await get('/'), 'hello');
	// An end by itself makes room too.
	await get('/exit/1');
	assert.is(await startedLast, false, 'the second is gone when the third listens');
	await Promise.all([second.instance.stop(), third.instance.stop()]);
	await isolation.close();
});

test('S-46: a start that is not wanted any more when its turn comes runs nothing', async () => {
	const isolation = new DirectIsolation();
	const first = newInstance('answers', { isolation });
	const second = newInstance('escapes', { isolation });
	await first.instance.start();
	const started = failure(second.instance.start());
	const stopped = second.instance.stop();
	await first.instance.stop();
	assert.is((await started).code, 'ERR_DRAINING');
	await stopped;
	assert.equal(await second.instance.ended, { kind: 'stopped' });
	assert.equal(second.log.records, []);
	assert.equal(second.log.lines, []);
});

test('S-45: a start that was refused leaves the port to the next', async () => {
	const isolation = new DirectIsolation();
	const refused = newInstance('answers', { isolation, overrides: { codeRoot: '/nowhere' } });
	const starting = failure(refused.instance.start());
	await lived('answers', ({ instance }) => instance.start(), { isolation });
	assert.is((await starting).code, 'ERR_CODE_FOLDER_MISSING');
});

test('S-47: frozen, every process of the instance is stopped, daemons too, and thawed it answers', async () => {
	await lived('daemon', async ({ instance, log }) => {
		await instance.start();
		await log.line(() => log.lines.filter(({ line }) => line.startsWith('daemon ')).length === 2);
		const daemons = log.lines
			.map(({ line }) => /^daemon (\d+)$/.exec(line)?.[1])
			.filter((pid) => pid !== undefined)
			.map(Number);
		const leader = Number(log.records[0]?.fields.pid);
		const members = [...groupMembers(leader).map(({ pid }) => pid), ...daemons];
		instance.freeze();
		instance.freeze();
		// What had only started the daemons may have ended just before.
		const pids = members.filter(isLiving);
		assert.ok(pids.length >= 3, String(pids));
		await inState(pids, STOPPED);
		// The kernel takes the connection; nobody reads it yet.
		const answer = get('/say/thawed');
		assert.is(instance.ready, true);
		await inState(pids, STOPPED);
		instance.thaw();
		instance.thaw();
		assert.is(await answer, 'thawed');
		await inState(pids, GOING);
	});
});

test('S-48: a frozen instance is told of its end like any other, within the grace', async () => {
	await lived('prefork', async ({ instance, log }) => {
		await instance.start();
		const leader = Number(log.records[0]?.fields.pid);
		const pids = groupMembers(leader).map(({ pid }) => pid);
		instance.freeze();
		await inState(pids, STOPPED);
		const startMs = monotonicMs();
		await instance.stop(20_000);
		assert.ok(monotonicMs() - startMs < 15_000, 'it did not sleep through SIGTERM');
		assert.equal(pids.filter(isLiving), []);
		assert.equal(await instance.ended, { kind: 'stopped' });
	});
});

test('S-48: one that is killed while it is frozen is found ended', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		const leader = Number(log.records[0]?.fields.pid);
		const pids = groupMembers(leader).map(({ pid }) => pid);
		instance.freeze();
		await inState(pids, STOPPED);
		process.kill(leader, 'SIGKILL');
		assert.equal(await instance.ended, { kind: 'signaled', signal: 'SIGKILL' });
		assert.equal(pids.filter(isLiving), []);
		instance.thaw();
	});
});

test('S-49: memory is watched while the instance is busy: over it the instance is killed, with peak and limit', async () => {
	await using folder = await functionFolder({
		bootstrap: `node -e '
const kept = [];
require("node:http").createServer((request, response) => {
	if (request.url === "/") response.end("hello");
	else setInterval(() => kept.push(Buffer.alloc(10e6, 1)), 10);
}).listen(8000, "127.0.0.1")'`,
	});
	const { instance, log } = newInstance('answers', { overrides: { codeRoot: folder.path } });
	await instance.start();
	instance.enter('request');
	void get('/eat').catch(() => {});
	const cause = await instance.ended;
	assert.is(cause.kind, 'over-memory');
	const record = await log.record(({ fields }) => fields.code === 'ERR_FUNCTION_MEMORY');
	assert.is(record.fields.limitBytes, 128 * 1024 * 1024);
	assert.ok(Number(record.fields.peakBytes) > 128 * 1024 * 1024);
});

test.run();
