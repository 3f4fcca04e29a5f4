import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failure, get, isLiving, supervised } from './support.ts';

const test = suite('supervisor, crashes');

test('S-12: a request in flight when the function exits gets the exit code; the log has stderr and the ids', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		supervisor.enter('request-1');
		assert.is(await get('/exit/3'), '');
		const error = await supervisor.causeOfLoss();
		assert.is(error.code, 'ERR_FUNCTION_EXITED');
		assert.ok(error.message.includes('exited with code 3'), error.message);
		supervisor.leave('request-1');
		const record = await log.record(({ level }) => level === 'error');
		assert.is(record.fields.code, 'ERR_FUNCTION_EXITED');
		assert.equal(record.fields.stderr, ['about to exit']);
		assert.equal(record.fields.requestIds, ['request-1']);
		// Asked later, it is still the answer.
		assert.is((await supervisor.causeOfLoss()).code, 'ERR_FUNCTION_EXITED');
	});
});

test('S-12: a function ended by a signal is reported with the signal', async () => {
	await supervised(
		'daemon',
		async ({ supervisor }) => {
			await supervisor.whenReady();
			await get('/kill');
			const error = await supervisor.causeOfLoss();
			assert.is(error.code, 'ERR_FUNCTION_EXITED');
			assert.ok(error.message.includes('SIGKILL'), error.message);
		},
		{},
	);
});

test('S-13: a connection closed by a function that lives on is an incomplete response', async () => {
	await supervised('answers', async ({ supervisor }) => {
		await supervisor.whenReady();
		assert.is(await get('/close'), '');
		assert.is((await supervisor.causeOfLoss()).code, 'ERR_RESPONSE_INCOMPLETE');
		assert.is(supervisor.ready, true);
		assert.is(await get('/'), 'hello');
	});
});

test('S-14: a bootstrap that lives on without listening is ended, and started again by the next request', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		assert.is(await get('/deaf'), '');
		const error = await supervisor.causeOfLoss();
		assert.is(error.code, 'ERR_FUNCTION_EXITED');
		assert.ok(error.message.includes('stopped listening on 127.0.0.1:8000'), error.message);
		assert.is(supervisor.ready, false);
		await supervisor.whenReady();
		assert.is(await get('/'), 'hello');
		assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
	});
});

test('S-15: the request after a crash starts the function again, at once', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		await get('/exit/1');
		const { fields } = await log.record(({ level }) => level === 'error');
		assert.is(fields.nextStartMs, 0);
		await supervisor.whenReady();
		assert.is(await get('/'), 'hello');
	});
});

test('S-31: when the bootstrap ends, the rest of its group is ended before the next start', async () => {
	await supervised('prefork', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		const { line } = await log.line((output) => output.line.startsWith('members '));
		const members = line.trim().split(' ').slice(1).map(Number);
		assert.is(members.filter(isLiving).length, 2);
		await get('/exit/0');
		await supervisor.causeOfLoss();
		await supervisor.whenReady();
		assert.is(members.filter(isLiving).length, 0);
	});
});

test('S-17: a crash loop is refused at once and by its name when the next start is over a second away', async () => {
	await supervised('exits', async ({ supervisor, log }) => {
		const codes: string[] = [];
		let message = '';
		while (codes.at(-1) !== 'ERR_FUNCTION_CRASH_LOOP') {
			const refused = await failure(supervisor.whenReady());
			codes.push(refused.code);
			message = refused.message;
		}
		assert.is(codes.filter((code) => code === 'ERR_FUNCTION_INIT_EXITED').length, 6);
		assert.is(codes.length, 7);
		assert.ok(message.includes('died 6 times in a row'), message);
		assert.ok(message.includes('exited with code 7'), message);
		const waits = log.records.map(({ fields }) => Number(fields.nextStartMs));
		assert.equal(waits, [0, 100, 200, 400, 800, 1600]);
	});
});

test.run();
