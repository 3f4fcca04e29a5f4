import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import { groupMembers } from '../../src/process/survivors.ts';
import { get, isLiving, supervised } from './support.ts';

const test = suite('supervisor, the end of an instance');

test('S-18: a function that ignores SIGTERM is killed when the grace has passed', async () => {
	await supervised(
		'stubborn',
		async ({ supervisor, log }) => {
			await supervisor.whenReady();
			const startMs = monotonicMs();
			await supervisor.stop();
			assert.ok(monotonicMs() - startMs >= 300);
			assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
		},
		{ stopGraceMs: 300 },
	);
});

test('S-18: a function that ends on SIGTERM does not make the stop wait for the grace', async () => {
	await supervised('prefork', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		const { fields } = await log.record(({ message }) => message === 'the function is ready');
		const startMs = monotonicMs();
		await supervisor.stop();
		assert.ok(monotonicMs() - startMs < 4_000);
		assert.equal(groupMembers(Number(fields.pid)), []);
	});
});

test('S-19: daemons that left the group and the session are ended too', async () => {
	await supervised('daemon', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		await log.line(() => log.lines.filter(({ line }) => line.startsWith('daemon ')).length === 2);
		const daemons = log.lines
			.filter(({ line }) => line.startsWith('daemon '))
			.map(({ line }) => Number(line.split(' ')[1]));
		assert.is(daemons.filter(isLiving).length, 2);
		await supervisor.stop();
		assert.is(daemons.filter(isLiving).length, 0);
	});
});

test('S-25: a process that escaped with the output open delays neither the next start nor the stop', async () => {
	await supervised('escapes', async ({ supervisor, log }) => {
		const startMs = monotonicMs();
		await supervisor.whenReady().catch(() => {});
		await supervisor.whenReady().catch(() => {});
		await supervisor.stop();
		assert.ok(monotonicMs() - startMs < 1_900);
		assert.equal(
			log.lines.map(({ line }) => line),
			['escaped', 'escaped'],
		);
	});
});

test('S-23: while the log is slow the function waits in its write, and no line is lost', async () => {
	await supervised('flood', async ({ supervisor, log }) => {
		log.stall();
		const ready = supervisor.whenReady();
		await log.line(({ line }) => line === '1000');
		// What was read before the log asked for a pause is all there is: a read or two, not the 2 MB written.
		await new Promise((resolve) => setImmediate(resolve));
		assert.ok(log.lines.length < 100_000, String(log.lines.length));
		const held = log.lines.length;
		assert.is(supervisor.ready, false);
		log.flow();
		await ready;
		await log.line(({ line }) => line === '300000');
		assert.ok(held < log.lines.length);
		assert.equal(
			log.lines.map(({ line }) => Number(line)),
			Array.from({ length: 300_000 }, (_, index) => index + 1),
		);
	});
});

test('S-24: a line carries the id of a request that is alone in flight, and none otherwise', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		supervisor.enter('one');
		await get('/say/alone');
		await log.line(({ line }) => line === 'alone');
		supervisor.enter('two');
		await get('/say/both');
		await log.line(({ line }) => line === 'both');
		supervisor.leave('one');
		await get('/say/left');
		await log.line(({ line }) => line === 'left');
		supervisor.leave('two');
		await get('/say/none');
		await log.line(({ line }) => line === 'none');
		assert.equal(
			log.lines.map(({ line, requestId }) => [line, requestId]),
			[
				['alone', 'one'],
				['both', null],
				['left', 'two'],
				['none', null],
			],
		);
	});
});

test('S-22: characters across reads and a last line without a newline arrive whole', async () => {
	await supervised('unended', async ({ supervisor, log }) => {
		await supervisor.whenReady().catch(() => {});
		await supervisor.stop();
		const lines = log.lines.map(({ stream, line }) => `${stream} ${line}`);
		assert.equal(lines.sort(), ['stderr héllo', 'stderr last', 'stdout no newline']);
	});
});

test('S-32: a function may open /dev/stdout and /dev/stderr', async () => {
	await supervised('devices', async ({ supervisor, log }) => {
		await supervisor.whenReady().catch(() => {});
		await supervisor.stop();
		const lines = log.lines.map(({ stream, line }) => `${stream} ${line}`);
		assert.equal(lines.sort(), ['stderr to stderr', 'stdout by number', 'stdout to stdout']);
	});
});

test.run();
