import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionFolder } from '../harness/function-folder.ts';
import { bootstrapFolder, failure, get, isLiving, lived } from './support.ts';

const test = suite('instance');

test('S-1: bash runs the bootstrap in the code folder, as leader of a session and group of its own', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		const { fields } = await log.record(({ message }) => message === 'the function is ready');
		assert.is(await get('/cwd'), bootstrapFolder('answers'));
		// The bootstrap has no shebang, no exec bit and no final newline; its server is a child of bash.
		assert.is(await get('/group'), `${fields.pid} ${fields.pid} ${fields.pid}`);
		const command = readFileSync(`/proc/${fields.pid}/cmdline`, 'utf8').split('\0');
		assert.is(command[1], join(bootstrapFolder('answers'), 'bootstrap'));
	});
});

test('S-6: the connection that got through is handed out once and carries a request', async () => {
	await lived('answers', async ({ instance }) => {
		await instance.start();
		const probe = instance.takeProbe();
		assert.is.not(probe, null);
		assert.is(instance.takeProbe(), null);
		if (probe === null) return;
		const answer = await new Promise<string>((resolve) => {
			let text = '';
			probe.handler = {
				onData(bytes) {
					text += String(bytes);
				},
				onDrain() {},
				onEnd() {
					probe.end();
				},
				onClose: () => resolve(text),
			};
			probe.write(Buffer.from('GET /say/first HTTP/1.0\r\n\r\n'));
		});
		assert.match(answer, /first$/);
	});
});

test('S-2: a folder that cannot be started is refused before a process starts; the next start reads it again', async () => {
	await using folder = await functionFolder({ 'bootstrap.txt': 'exec sleep 1000' });
	const overrides = { codeRoot: folder.path };
	await lived(
		'answers',
		async ({ instance, log }) => {
			assert.is((await failure(instance.start())).code, 'ERR_BOOTSTRAP_NAME');
			assert.is(log.records[0]?.fields.code, 'ERR_BOOTSTRAP_NAME');
			const cause = await instance.ended;
			assert.is(cause.kind, 'start-refused');
			assert.is((await instance.causeOfLoss()).code, 'ERR_BOOTSTRAP_NAME');
			assert.is(instance.readyForMs, null);
		},
		{ overrides },
	);
	const server = join(bootstrapFolder('answers'), 'server.py');
	await writeFile(join(folder.path, 'bootstrap'), `exec python3 -S ${server}`);
	await lived('answers', ({ instance }) => instance.start(), { overrides });
});

test('S-8: a function on another address gets an error that says which', async () => {
	await lived(
		'answers',
		async ({ instance }) => {
			const { code, message } = await failure(instance.start());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('listening on [::1]:8000'), message);
		},
		{ overrides: { environment: { HOST: '::1' }, initTimeoutSeconds: 2 } },
	);
});

test('S-9: a function on another port gets an error that says which', async () => {
	await lived(
		'answers',
		async ({ instance, log }) => {
			const { code, message } = await failure(instance.start());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('on port 3000 (0.0.0.0:3000)'), message);
			// It was ended: the same message stands in the log.
			const record = await log.record(({ level }) => level === 'error');
			assert.is(record.message, message);
			assert.is(isLiving(Number(record.fields.pid)), false);
		},
		{ overrides: { environment: { HOST: '0.0.0.0', PORT: '3000' }, initTimeoutSeconds: 5 } },
	);
});

test('S-10: a function that listens nowhere is told so when the init timeout has passed', async () => {
	await lived(
		'sleeps',
		async ({ instance }) => {
			const { code, message } = await failure(instance.start());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('within 1 s: it listens nowhere'), message);
		},
		{ overrides: { initTimeoutSeconds: 1 } },
	);
});

test('S-11: an exit before listening is reported at once, with the code and the last lines of stderr', async () => {
	await lived('exits', async ({ instance, log }) => {
		const { code, message } = await failure(instance.start());
		assert.is(code, 'ERR_FUNCTION_INIT_EXITED');
		assert.ok(message.includes('exited with code 7'), message);
		assert.ok(message.includes('cannot find module express'), message);
		const record = await log.record(({ level }) => level === 'error');
		assert.is(record.fields.code, 'ERR_FUNCTION_INIT_EXITED');
		assert.equal(record.fields.stderr, ['first', 'cannot find module express']);
	});
});

test('S-29: stop is final and may be called twice; nothing is started afterwards', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		await Promise.all([instance.stop(), instance.stop()]);
		assert.is(instance.ready, false);
		assert.is(instance.takeProbe(), null);
		assert.equal(await instance.ended, { kind: 'stopped' });
		assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
	});
	await lived('answers', async ({ instance, log }) => {
		await instance.stop();
		assert.is((await failure(instance.start())).code, 'ERR_DRAINING');
		assert.equal(await instance.ending, { kind: 'stopped' });
		assert.equal(log.records, []);
	});
});

test('S-29: a stop while the function starts ends the start, and whoever waits for it', async () => {
	await lived('sleeps', async ({ instance, log }) => {
		const starting = failure(instance.start());
		await instance.stop();
		assert.is((await starting).code, 'ERR_DRAINING');
		assert.equal(await instance.ended, { kind: 'stopped' });
		assert.is(log.records.filter(({ level }) => level === 'error').length, 0);
	});
});

test.run();
