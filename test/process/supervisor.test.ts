import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapFolder, failure, get, isLiving, supervised } from './support.ts';

const test = suite('supervisor');

test('S-1: bash runs the bootstrap in the code folder, as leader of a session and group of its own', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		const { fields } = await log.record(({ message }) => message === 'the function is ready');
		assert.is(await get('/cwd'), bootstrapFolder('answers'));
		// The bootstrap has no shebang, no exec bit and no final newline; its server is a child of bash.
		assert.is(await get('/group'), `${fields.pid} ${fields.pid} ${fields.pid}`);
		const command = readFileSync(`/proc/${fields.pid}/cmdline`, 'utf8').split('\0');
		assert.is(command[1], join(bootstrapFolder('answers'), 'bootstrap'));
	});
});

test('S-4: the first request starts the function, and all that wait share one start', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		assert.is(supervisor.ready, false);
		assert.is(log.records.length, 0);
		await Promise.all(Array.from({ length: 50 }, () => supervisor.whenReady()));
		assert.is(supervisor.ready, true);
		assert.is(log.records.filter(({ message }) => message === 'the function is ready').length, 1);
		await supervisor.whenReady();
		assert.is(log.records.length, 1);
	});
});

test('S-5: an eager function starts without a request and comes back after a crash by itself', async () => {
	await supervised(
		'answers',
		async ({ supervisor, log }) => {
			const first = await log.record(({ message }) => message === 'the function is ready');
			await get('/exit/3');
			const again = await log.record(
				({ message, fields }) => message === 'the function is ready' && fields.pid !== first.fields.pid,
			);
			assert.is(supervisor.ready, true);
			assert.is(isLiving(Number(again.fields.pid)), true);
		},
		{ eager: true },
	);
});

test('S-6: the connection that got through is handed out once and carries a request', async () => {
	await supervised('answers', async ({ supervisor }) => {
		await supervisor.whenReady();
		const probe = supervisor.takeProbe();
		assert.is.not(probe, null);
		assert.is(supervisor.takeProbe(), null);
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

test('S-3: a held port is refused with the name of the program that holds it, and nothing is started', async () => {
	for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
		const holder = net.createServer();
		await new Promise<void>((resolve) => holder.listen({ host, port: 8000 }, resolve));
		await supervised('answers', async ({ supervisor, log }) => {
			const { code, message } = await failure(supervisor.whenReady());
			assert.is(code, 'ERR_PORT_IN_USE');
			assert.ok(message.includes(`(pid ${process.pid})`), message);
			assert.is(supervisor.ready, false);
			assert.is(log.lines.length, 0);
			await new Promise((resolve) => holder.close(resolve));
			// The next request finds it free.
			await supervisor.whenReady();
		});
	}
});

test('S-3: a listener on the IPv6 loopback does not hold the port', async () => {
	const holder = net.createServer();
	await new Promise<void>((resolve) => holder.listen({ host: '::1', port: 8000 }, resolve));
	await supervised('answers', async ({ supervisor }) => supervisor.whenReady());
	holder.close();
});

test('S-2: a folder that cannot be started is refused before a process starts, and again until it is mended', async () => {
	const codeRoot = await mkdtemp(join(tmpdir(), 'httpfn-'));
	await supervised(
		'answers',
		async ({ supervisor, log }) => {
			for (let times = 0; times < 8; times++) {
				assert.is((await failure(supervisor.whenReady())).code, 'ERR_BOOTSTRAP_MISSING');
			}
			assert.is(log.records[0]?.fields.code, 'ERR_BOOTSTRAP_MISSING');
			const server = join(bootstrapFolder('answers'), 'server.py');
			await writeFile(join(codeRoot, 'bootstrap'), `exec python3 -S ${server}`);
			await supervisor.whenReady();
		},
		{ overrides: { codeRoot } },
	);
	await rm(codeRoot, { recursive: true });
});

test('S-8: a function on another address gets an error that says which', async () => {
	await supervised(
		'answers',
		async ({ supervisor }) => {
			const { code, message } = await failure(supervisor.whenReady());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('listening on [::1]:8000'), message);
		},
		{ overrides: { environment: { HOST: '::1' }, initTimeoutSeconds: 2 } },
	);
});

test('S-9: a function on another port gets an error that says which', async () => {
	await supervised(
		'answers',
		async ({ supervisor, log }) => {
			const { code, message } = await failure(supervisor.whenReady());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('on port 3000 (0.0.0.0:3000)'), message);
			// It was ended: the same message stands in the log.
			const record = await log.record(({ level }) => level === 'error');
			assert.is(record.message, message);
			assert.is(isLiving(Number(record.fields.pid)), false);
		},
		{ overrides: { environment: { HOST: '0.0.0.0', PORT: '3000' }, initTimeoutSeconds: 2 } },
	);
});

test('S-10: a function that listens nowhere is told so when the init timeout has passed', async () => {
	await supervised(
		'sleeps',
		async ({ supervisor }) => {
			const { code, message } = await failure(supervisor.whenReady());
			assert.is(code, 'ERR_FUNCTION_INIT_TIMEOUT');
			assert.ok(message.includes('within 1 s: it listens nowhere'), message);
		},
		{ overrides: { initTimeoutSeconds: 1 } },
	);
});

test('S-11: an exit before listening is reported at once, with the code and the last lines of stderr', async () => {
	await supervised('exits', async ({ supervisor, log }) => {
		const { code, message } = await failure(supervisor.whenReady());
		assert.is(code, 'ERR_FUNCTION_INIT_EXITED');
		assert.ok(message.includes('exited with code 7'), message);
		assert.ok(message.includes('cannot find module express'), message);
		const record = await log.record(({ level }) => level === 'error');
		assert.is(record.fields.code, 'ERR_FUNCTION_INIT_EXITED');
		assert.equal(record.fields.stderr, ['first', 'cannot find module express']);
	});
});

test('S-29: stop is final and may be called twice; nothing is started afterwards', async () => {
	await supervised('answers', async ({ supervisor, log }) => {
		await supervisor.whenReady();
		await Promise.all([supervisor.stop(), supervisor.stop()]);
		assert.is(supervisor.ready, false);
		assert.is(supervisor.takeProbe(), null);
		assert.is((await failure(supervisor.whenReady())).code, 'ERR_DRAINING');
		assert.is(isLiving(Number(log.records[0]?.fields.pid)), false);
	});
});

test('S-29: a stop while the function starts ends the start, and the waiters with it', async () => {
	await supervised('sleeps', async ({ supervisor, log }) => {
		const waiting = failure(supervisor.whenReady());
		await supervisor.stop();
		assert.is((await waiting).code, 'ERR_DRAINING');
		assert.is(log.records.filter(({ level }) => level === 'error').length, 0);
	});
	await supervised('sleeps', async ({ supervisor }) => {
		await supervisor.stop();
		assert.is(supervisor.ready, false);
	});
});

test.run();
