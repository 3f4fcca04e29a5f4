/** Starting, losing and stopping a function, with the built executable. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { type Answer, exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';

const GATED = join(import.meta.dirname, 'gated-function');
const FUNCTION_ORIGIN = 'http://127.0.0.1:8000';

const test = suite('supervision');

test('E-40: port 8000 held by another program is named with its process id, and nothing is started', async () => {
	const holder = await listenOn(8000, '127.0.0.1');
	try {
		await using running = await startFunction(GATED);
		const answer = await exchange(running.url);
		fails(answer, 500, 'ERR_PORT_IN_USE');
		assert.match(answer.text + running.logText, new RegExp(`\\b${process.pid}\\b`));
		assert.not.match(running.logText, /"stream"/);
	} finally {
		holder.close();
	}
});

test('E-41: a function on another port times out in init, and the message names the port', async () => {
	await using folder = await functionFolder({
		bootstrap: `node -e "require('node:http').createServer().listen(3000, '127.0.0.1')"`,
	});
	await using running = await startFunction(folder.path, ['--init-timeout', '2']);
	const answer = await exchange(running.url);
	fails(answer, 500, 'ERR_FUNCTION_INIT_TIMEOUT');
	assert.match(answer.text, /3000/);
});

test('E-42: a function on another address times out in init, and the message names the address', async () => {
	await using folder = await functionFolder({
		bootstrap: `node -e "require('node:http').createServer().listen(8000, '::1')"`,
	});
	await using running = await startFunction(folder.path, ['--init-timeout', '2']);
	const answer = await exchange(running.url);
	fails(answer, 500, 'ERR_FUNCTION_INIT_TIMEOUT');
	assert.ok(answer.text.includes('[::1]:8000'), answer.text);
});

test('E-43: a crash answers the requests in flight at once with its exit code, and the next request finds a new process', async () => {
	await using running = await startFunction(GATED);
	const before = (await exchange(running.url, { target: '/pid' })).text;
	const held = exchange(running.url, { target: '/held' });
	await running.output('a request is held');
	fails(await exchange(running.url, { target: '/crash' }), 500, 'ERR_FUNCTION_EXITED');
	const answer = await held;
	fails(answer, 500, 'ERR_FUNCTION_EXITED');
	assert.match(answer.text, /\b7\b/);
	assert.is(answer.header('X-Is-Func-Err'), 'true');
	const exit = await running.record(
		(record) => record.level !== undefined && JSON.stringify(record).includes('the last words'),
	);
	assert.is(exit.level, 'error');
	const after = await exchange(running.url, { target: '/pid' });
	assert.is(after.status, 200);
	assert.is.not(after.text, before);
});

test('E-44: a bootstrap that dies before it listens is reported with its last words, and named a crash loop when it goes on', async () => {
	await using folder = await functionFolder({ bootstrap: 'echo "no such module" >&2\nexit 3\n' });
	await using running = await startFunction(folder.path);
	const first = await exchange(running.url);
	fails(first, 500, 'ERR_FUNCTION_INIT_EXITED');
	assert.match(first.text, /\b3\b.*no such module/);
	for (let attempt = 1; attempt <= 20; attempt++) {
		const next = await exchange(running.url);
		if (next.header('X-Httpfn-Error') === 'ERR_FUNCTION_CRASH_LOOP') {
			assert.is(next.status, 503);
			return;
		}
		fails(next, 500, 'ERR_FUNCTION_INIT_EXITED');
	}
	assert.unreachable('20 deaths in a row were not named a crash loop');
});

test('E-45: SIGTERM lets requests in flight finish, accepts no more, and leaves no process', async () => {
	await using running = await startFunction(GATED);
	const pid = Number((await exchange(running.url, { target: '/pid' })).text);
	const held = exchange(running.url, { target: '/held' });
	await running.output('a request is held');
	running.signal('SIGTERM');
	await refusesConnections(running.url);
	await exchange(FUNCTION_ORIGIN, { target: '/release' });
	const answer = await held;
	assert.is(answer.status, 200);
	assert.is(answer.text, 'released');
	assert.equal(await running.exited, { code: 0, signal: null });
	assert.not.ok(isAlive(pid), 'the function has ended too');
});

test('E-46: what a killed httpfn leaves behind is ended by the next start', async () => {
	await using running = await startFunction(GATED);
	const before = Number((await exchange(running.url, { target: '/pid' })).text);
	await running.stop('SIGKILL');
	assert.ok(isAlive(before), 'the function outlives a SIGKILL of httpfn');
	await using next = await startFunction(GATED);
	const after = await exchange(next.url, { target: '/pid' });
	assert.is(after.status, 200, after.text);
	assert.is.not(Number(after.text), before);
	assert.not.ok(isAlive(before), 'the stray has been ended');
});

test('E-47: a process that left the function’s group ends with it', async () => {
	await using folder = await functionFolder({
		bootstrap: [
			'setsid sh -c "setsid sleep 1000 & echo daemon \\$!" </dev/null &',
			"node -e \"require('node:http').createServer((q, s) => s.end()).listen(8000, '127.0.0.1')\"",
		].join('\n'),
	});
	await using running = await startFunction(folder.path);
	assert.is((await exchange(running.url)).status, 200);
	const { line } = await running.output('daemon ');
	const daemon = Number(String(line).split(' ')[1]);
	assert.ok(isAlive(daemon), 'the daemon runs');
	assert.equal(await running.stop(), { code: 0, signal: null });
	assert.not.ok(isAlive(daemon), 'the daemon has ended');
});

test('E-48: a function that ignores SIGTERM is killed after the grace', async () => {
	await using folder = await functionFolder({
		bootstrap:
			"node -e \"process.on('SIGTERM', () => {}); require('node:http')" +
			".createServer((q, s) => s.end(String(process.pid))).listen(8000, '127.0.0.1')\"",
	});
	await using running = await startFunction(folder.path);
	const pid = Number((await exchange(running.url)).text);
	assert.equal(await running.stop(), { code: 0, signal: null });
	assert.not.ok(isAlive(pid));
});

test('E-49: lines of the function are JSON log lines with stream, function and the id of the one request in flight', async () => {
	await using running = await startFunction(GATED, ['--name', 'speaker']);
	const answer = await exchange(running.url, { target: '/log' });
	const said = await running.output('said on stdout');
	assert.is(said.line, 'said on stdout: 你好');
	assert.is(said.stream, 'stdout');
	assert.is(said.function, 'speaker');
	assert.is(said.requestId, answer.header('X-Cff-Request-Id'));
	assert.match(String(said.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	assert.is((await running.output('said on stderr')).stream, 'stderr');
});

test('E-50: the function starts with the first request, and with --eager at once', async () => {
	{
		await using running = await startFunction(GATED);
		assert.not.ok(await accepts(8000), 'nothing runs before a request');
		assert.is((await exchange(running.url)).status, 200);
	}
	await using running = await startFunction(GATED, ['--eager']);
	while (!(await accepts(8000)));
	assert.is((await exchange(running.url)).status, 200);
});

function fails(answer: Answer, status: number, code: string): void {
	assert.is(answer.header('X-Httpfn-Error'), code, answer.text);
	assert.is(answer.status, status);
}

/** False for a zombie too: its parent may take its time, or never ask. */
function isAlive(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
	} catch {
		return false;
	}
}

function listenOn(port: number, host: string): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, host, () => resolve(server));
	});
}

async function accepts(port: number): Promise<boolean> {
	try {
		await exchange(`http://127.0.0.1:${port}`);
		return true;
	} catch {
		return false;
	}
}

/** Resolves when a new connection no longer gets an answer of the function. */
async function refusesConnections(url: string): Promise<void> {
	for (;;) {
		try {
			const answer = await exchange(url, { target: '/pid' });
			if (answer.header('X-Httpfn-Error') === 'ERR_DRAINING') return;
		} catch {
			return;
		}
	}
}

test.run();
