import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { get, isLiving, lived } from './support.ts';

const test = suite('instance, crashes');

test('S-12: a request in flight when the function exits gets the exit code; the log has stderr and the ids', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		instance.enter('request-1');
		assert.is(await get('/exit/3'), '');
		const error = await instance.causeOfLoss();
		assert.is(error.code, 'ERR_FUNCTION_EXITED');
		assert.ok(error.message.includes('exited with code 3'), error.message);
		instance.leave('request-1');
		const record = await log.record(({ level }) => level === 'error');
		assert.is(record.fields.code, 'ERR_FUNCTION_EXITED');
		assert.equal(record.fields.stderr, ['about to exit']);
		assert.equal(record.fields.requestIds, ['request-1']);
		// Asked later, it is still the answer.
		assert.is((await instance.causeOfLoss()).code, 'ERR_FUNCTION_EXITED');
	});
});

test('S-12: a function ended by a signal is reported with the signal', async () => {
	await lived(
		'daemon',
		async ({ instance }) => {
			await instance.start();
			await get('/kill');
			const error = await instance.causeOfLoss();
			assert.is(error.code, 'ERR_FUNCTION_EXITED');
			assert.ok(error.message.includes('SIGKILL'), error.message);
		},
		{},
	);
});

test('S-13: a connection closed by a function that lives on is an incomplete response', async () => {
	await lived('answers', async ({ instance }) => {
		await instance.start();
		assert.is(await get('/close'), '');
		assert.is((await instance.causeOfLoss()).code, 'ERR_RESPONSE_INCOMPLETE');
		assert.is(instance.ready, true);
		assert.is(await get('/'), 'hello');
	});
});

test('S-14: a bootstrap that lives on without listening is ended', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		assert.is(await get('/deaf'), '');
		const error = await instance.causeOfLoss();
		assert.is(error.code, 'ERR_FUNCTION_EXITED');
		assert.ok(error.message.includes('stopped listening on 127.0.0.1:8000'), error.message);
		assert.is(instance.ready, false);
		assert.is((await instance.ended).kind, 'deaf');
		assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
	});
});

test('S-31: when the bootstrap ends, the rest of its group is ended before its end is told', async () => {
	await lived('prefork', async ({ instance, log }) => {
		await instance.start();
		const { line } = await log.line((output) => output.line.startsWith('members '));
		const members = line.trim().split(' ').slice(1).map(Number);
		assert.is(members.filter(isLiving).length, 2);
		await get('/exit/0');
		assert.equal(await instance.ended, { kind: 'exited', code: 0 });
		assert.is(members.filter(isLiving).length, 0);
	});
});

test('S-40: the end is told when it is certain, and how long the instance had been ready', async () => {
	await lived('answers', async ({ instance }) => {
		assert.is(instance.readyForMs, null);
		await instance.start();
		assert.ok(Number(instance.readyForMs) >= 0);
		await get('/exit/9');
		assert.equal(await instance.ending, { kind: 'exited', code: 9 });
		assert.is(instance.ready, false);
		const readyForMs = instance.readyForMs;
		assert.equal(await instance.ended, { kind: 'exited', code: 9 });
		assert.ok(Number(readyForMs) > 0);
		assert.is(instance.readyForMs, readyForMs, 'it stands still');
	});
});

test('S-43: an instance that has ended refuses connections, whoever listens on its port by now', async () => {
	await lived('answers', async ({ instance }) => {
		await instance.start();
		await get('/exit/1');
		await instance.ended;
		const heir = net.createServer((socket) => socket.resume());
		let heirConnections = 0;
		heir.on('connection', () => heirConnections++);
		await new Promise<void>((resolve) => heir.listen({ host: '127.0.0.1', port: 8000 }, resolve));
		const error = await new Promise<Error | null>((onClose) => {
			const handler = { onData() {}, onDrain() {}, onEnd() {}, onClose };
			const connection = instance.connect(handler, () => assert.unreachable());
			connection.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
		});
		assert.is((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
		await new Promise((resolve) => heir.close(resolve));
		assert.is(heirConnections, 0);
	});
});

test.run();
