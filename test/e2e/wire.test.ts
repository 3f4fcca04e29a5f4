/** What clients of all kinds see on the wire of the built executable. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { RawConnection } from '../harness/raw-connection.ts';

const GATED = join(import.meta.dirname, 'gated-function');

const test = suite('wire');

test('E-60: pipelined requests are answered in order on one connection', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	const paths = Array.from({ length: 20 }, (_, index) => `/number/${index}`);
	raw.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
	raw.send('GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	const answers = (await raw.untilClosed()).toString('latin1');
	const bodies = [...answers.matchAll(/\r\n\r\nGET (\S+?)(?=HTTP|$)/g)].map((match) => match[1]);
	assert.equal(bodies, [...paths, '/last']);
});

test('E-61: a client that sends a byte a packet is served', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	await raw.sendSlowly(
		'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
			'3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n',
	);
	const answer = (await raw.untilClosed()).toString('latin1');
	assert.match(answer, /^HTTP\/1\.1 200 /);
	assert.ok(answer.includes('abcdefg'), answer);
});

test('E-62: a client that does not read holds up nobody else, and gets everything once it reads', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	raw.socket.pause();
	raw.send('GET /megabytes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	for (let index = 0; index < 20; index++) {
		assert.is((await exchange(running.url, { target: '/megabytes' })).body.length, 5 * 1024 * 1024);
	}
	raw.socket.resume();
	const answer = await raw.untilClosed();
	const body = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
	assert.ok(body.equals(Buffer.alloc(5 * 1024 * 1024, 'abcdefgh')));
});

test('E-69: a streamed response waits for a client that does not read, and memory does not grow', async () => {
	await using running = await startFunction(GATED, ['--stream']);
	await using raw = await RawConnection.open(running.port);
	raw.socket.pause();
	raw.send('GET /hundred HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	await running.output('nobody reads');
	const status = await readFile(`/proc/${running.pid}/status`, 'latin1');
	const peakKb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
	assert.ok(peakKb < 130_000, `the peak of the resident memory is ${peakKb} kB`);
	raw.socket.resume();
	const bytes = (await raw.untilClosed()).length;
	assert.ok(bytes >= 100_000_000, `${bytes} bytes arrived`);
});

test('E-63: a request that two parsers could read differently is refused with 400, and its connection closed', async () => {
	await using running = await startFunction(GATED);
	const heads = [
		'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc',
		'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
		'GET / HTTP/1.1\r\nHost: a\r\nX-Folded: b\r\n c\r\n\r\n',
		'GET / HTTP/1.1\nHost: a\n\n',
		'GET pid HTTP/1.1\r\nHost: a\r\n\r\n',
	];
	for (const head of heads) {
		await using raw = await RawConnection.open(running.port);
		raw.send(head);
		const answer = (await raw.untilClosed()).toString('latin1');
		assert.match(answer, /^HTTP\/1\.1 400 /, JSON.stringify(head));
		assert.match(answer, /X-Httpfn-Error: ERR_REQUEST_MALFORMED\r\n/i, JSON.stringify(head));
		assert.match(answer, /X-Cff-Request-Id: [0-9a-f-]{36}\r\n/i, JSON.stringify(head));
	}
});

test('E-64: a client that expects 100-continue is told to go on before it sends its body', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	raw.send(
		'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
	);
	await raw.until(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/);
	raw.send('hello');
	assert.match((await raw.untilClosed()).toString('latin1'), /HTTP\/1\.1 200 [\s\S]*hello/);
});

test('E-65: an HTTP/1.0 client gets its answer and the end of the connection', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	raw.send('GET /old HTTP/1.0\r\n\r\n');
	const answer = (await raw.untilClosed()).toString('latin1');
	assert.match(answer, /^HTTP\/1\.[01] 200 /);
	assert.match(answer, /\r\n\r\nGET \/old$/);
	assert.not.match(answer, /transfer-encoding/i);
});

test('E-66: the answer to HEAD has the length and no body, and the connection stays in step', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	raw.send(
		'HEAD /megabytes HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
	);
	const answers = (await raw.untilClosed()).toString('latin1');
	assert.match(
		answers,
		/^HTTP\/1\.1 200 [\s\S]*?content-length: 5242880\r\n[\s\S]*?\r\n\r\nHTTP\/1\.1 200 /i,
	);
	assert.match(answers, /GET \/next$/);
});

test('E-67: repeated headers stay apart and in order', async () => {
	await using running = await startFunction(GATED);
	await using raw = await RawConnection.open(running.port);
	raw.send('GET /cookies HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	const answer = (await raw.untilClosed()).toString('latin1');
	const cookies = [...answer.matchAll(/^set-cookie: (.*)\r$/gim)].map((match) => match[1]);
	assert.equal(cookies, ['b=2', 'a=1; Path=/', 'b=3']);
});

test('E-68: a status of the function is passed through as it is', async () => {
	await using running = await startFunction(GATED);
	const answer = await exchange(running.url, { target: '/missing' });
	assert.is(answer.status, 404);
	assert.is(answer.text, 'not here');
	assert.is(answer.header('X-Httpfn-Error'), null);
});

test.run();
