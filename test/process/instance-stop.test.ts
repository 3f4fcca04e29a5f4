import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import { groupMembers } from '../../src/process/survivors.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { failure, get, isLiving, lived } from './support.ts';

const test = suite('instance, the end of an instance');

test('S-18: a function that ignores SIGTERM is killed when the grace has passed', async () => {
	await lived('stubborn', async ({ instance, log }) => {
		await instance.start();
		const startMs = monotonicMs();
		await instance.stop(300);
		assert.ok(monotonicMs() - startMs >= 300);
		assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
	});
});

test('S-18: a function that ends on SIGTERM does not make the stop wait for the grace', async () => {
	await lived('prefork', async ({ instance, log }) => {
		await instance.start();
		const { fields } = await log.record(({ message }) => message === 'the function is ready');
		const startMs = monotonicMs();
		await instance.stop();
		assert.ok(monotonicMs() - startMs < 4_000);
		assert.equal(groupMembers(Number(fields.pid)), []);
	});
});

test('S-19: daemons that left the group and the session are ended too', async () => {
	await lived('daemon', async ({ instance, log }) => {
		await instance.start();
		await log.line(() => log.lines.filter(({ line }) => line.startsWith('daemon ')).length === 2);
		const daemons = log.lines
			.filter(({ line }) => line.startsWith('daemon '))
			.map(({ line }) => Number(line.split(' ')[1]));
		assert.is(daemons.filter(isLiving).length, 2);
		await instance.stop();
		assert.is(daemons.filter(isLiving).length, 0);
	});
});

test('S-25: a process that escaped with the output open delays neither the end nor the stop', async () => {
	await lived('escapes', async ({ instance, log }) => {
		const startMs = monotonicMs();
		assert.is((await failure(instance.start())).code, 'ERR_FUNCTION_INIT_EXITED');
		await instance.stop();
		// It sleeps for a second.
		assert.ok(monotonicMs() - startMs < 950);
		assert.equal(
			log.lines.map(({ line }) => line),
			['escaped'],
		);
	});
});

test('S-23: while the log is slow the function waits in its write, and no line is lost', async () => {
	await lived('flood', async ({ instance, log }) => {
		log.stall();
		const ready = instance.start();
		await log.line(({ line }) => line === '1000');
		// What was read before the log asked for a pause is all there is: a read or two, not the 2 MB written.
		await new Promise((resolve) => setImmediate(resolve));
		assert.ok(log.lines.length < 100_000, String(log.lines.length));
		const held = log.lines.length;
		assert.is(instance.ready, false);
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

test('S-42: what a function says at its end is not lost where the log is slower than the stop is patient', async () => {
	const bootstrap = 'trap "seq 1 9999; exit" TERM; echo first; sleep 1000 & wait';
	await using folder = await functionFolder({ bootstrap });
	await lived(
		'answers',
		async ({ instance, log }) => {
			log.stall();
			const starting = failure(instance.start());
			await log.line(({ line }) => line === 'first');
			await instance.stop();
			assert.is((await starting).code, 'ERR_DRAINING');
			assert.is(log.lines.length, 1);
			log.flow();
			await log.line(({ line }) => line === '9999');
			assert.is(log.lines.length, 10_000);
		},
		{ overrides: { codeRoot: folder.path } },
	);
});

test('S-24: a line carries the id of a request that is alone in flight, and none otherwise', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		instance.enter('one');
		await get('/say/alone');
		await log.line(({ line }) => line === 'alone');
		instance.enter('two');
		await get('/say/both');
		await log.line(({ line }) => line === 'both');
		instance.leave('one');
		await get('/say/left');
		await log.line(({ line }) => line === 'left');
		instance.leave('two');
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
	await lived('unended', async ({ instance, log }) => {
		await failure(instance.start());
		await instance.stop();
		const lines = log.lines.map(({ stream, line }) => `${stream} ${line}`);
		assert.equal(lines.sort(), ['stderr héllo', 'stderr last', 'stdout no newline']);
	});
});

test('S-32: a function may open /dev/stdout and /dev/stderr', async () => {
	await lived('devices', async ({ instance, log }) => {
		await failure(instance.start());
		await instance.stop();
		const lines = log.lines.map(({ stream, line }) => `${stream} ${line}`);
		assert.equal(lines.sort(), ['stderr to stderr', 'stdout by number', 'stdout to stdout']);
	});
});

test.run();
