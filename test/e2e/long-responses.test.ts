/** WebSocket, event streams and downloads through the built executable. */
import { join } from 'node:path';
import { Client } from 'undici';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import WebSocket from 'ws';
import { startFunction } from '../harness/binary.ts';
import { type Answer, exchange } from '../harness/exchange.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const MIB = 1024 * 1024;

const test = suite('long responses');

test('E-10: a WebSocket opens through the gateway, and text and binary messages come back as they were sent', async () => {
	await using running = await startFunction(join(EXAMPLES, 'websocket-echo'), ['--timeout', '60']);
	const socket = openSocket(running.url);
	const first = JSON.parse(String(await socket.next())) as { headers: Record<string, string> };
	assert.match(first.headers['x-cff-request-id'] ?? '', /^[0-9a-f-]{36}$/);
	assert.is(first.headers['x-cff-timeout'], '60');

	socket.send('你好');
	assert.is(String(await socket.next()), '你好');
	const large = content(MIB);
	socket.send(large);
	assert.ok((await socket.next()).equals(large));
	socket.close(1000);
	assert.is(await socket.closeCode, 1000);
});

test('E-11: the function timeout ends a WebSocket, and its client sees code 1006', async () => {
	await using running = await startFunction(join(EXAMPLES, 'websocket-echo'), ['--timeout', '3']);
	const socket = openSocket(running.url);
	await socket.next();
	assert.is(await socket.closeCode, 1006);
});

test('E-12: with --stream events arrive as they are written, and the function learns that its client has left', async () => {
	await using running = await startFunction(join(EXAMPLES, 'sse'), ['--stream']);
	const client = new Client(running.url);
	const response = await client.request({ method: 'GET', path: '/events?interval_ms=20' });
	assert.match(String(response.headers['content-type']), /^text\/event-stream/);
	let text = '';
	for await (const part of response.body) {
		text += String(part);
		if (text.includes('data: event 3\n\n')) break;
	}
	assert.ok(text.startsWith('id: 1\ndata: event 1\n\nid: 2\n'));
	await client.destroy();
	await running.output('the client left');
});

test('E-13: without --stream events arrive together, when the response is complete', async () => {
	await using running = await startFunction(join(EXAMPLES, 'sse'), ['--timeout', '20']);
	const answer = await exchange(running.url, { target: '/events?count=3&interval_ms=10' });
	assert.is(answer.status, 200);
	assert.is(answer.text, 'id: 1\ndata: event 1\n\nid: 2\ndata: event 2\n\nid: 3\ndata: event 3\n\n');
	assert.is(answer.header('Content-Length'), String(answer.body.length));
});

test('E-14: without --stream an endless response ends as a timeout, with nothing of it sent', async () => {
	await using running = await startFunction(join(EXAMPLES, 'sse'), ['--timeout', '3']);
	const answer = await exchange(running.url, { target: '/events?interval_ms=100' });
	refused(answer, 504, 'ERR_FUNCTION_TIMEOUT');
	await running.output('the client left');
});

test('E-15: a download of 5 MiB arrives byte for byte with its file name, of known length or not', async () => {
	await using running = await startFunction(join(EXAMPLES, 'file-download'), ['--timeout', '30']);
	for (const suffix of ['', '&chunked']) {
		const target = `/file?bytes=${5 * MIB}&name=%E4%BD%A0%E5%A5%BD.bin${suffix}`;
		const answer = await exchange(running.url, { target });
		assert.is(answer.status, 200);
		assert.ok(answer.body.equals(content(5 * MIB)), `the content is the same (${suffix})`);
		assert.match(answer.header('Content-Disposition') ?? '', /filename\*=UTF-8''%E4%BD%A0%E5%A5%BD\.bin$/);
	}
});

test('E-16: a response of exactly 6 MiB passes and one of a byte more is refused, of known length or not', async () => {
	await using running = await startFunction(join(EXAMPLES, 'file-download'), ['--timeout', '30']);
	for (const suffix of ['', '&chunked']) {
		const passed = await exchange(running.url, { target: `/file?bytes=${6 * MIB}${suffix}` });
		assert.is(passed.status, 200);
		assert.ok(passed.body.equals(content(6 * MIB)));
		const over = await exchange(running.url, { target: `/file?bytes=${6 * MIB + 1}${suffix}` });
		refused(over, 500, 'ERR_RESPONSE_BODY_TOO_LARGE');
		assert.is(over.header('X-Is-Func-Err'), 'true');
		assert.is(over.header('X-Func-Err-Code'), '4004');
		assert.is(over.header('Content-Disposition'), null);
	}
	refused(
		await exchange(running.url, { target: `/file?bytes=${7 * MIB}` }),
		500,
		'ERR_RESPONSE_BODY_TOO_LARGE',
	);
});

test('E-17: with --stream a response of unknown length may be longer than 6 MiB', async () => {
	await using running = await startFunction(join(EXAMPLES, 'file-download'), ['--stream', '--timeout', '30']);
	const answer = await exchange(running.url, { target: `/file?bytes=${7 * MIB}&chunked` });
	assert.is(answer.status, 200);
	assert.ok(answer.body.equals(content(7 * MIB)));
});

test('E-18: a request body of exactly 6 MiB passes and one of 7 MiB is answered 413, of known length or not', async () => {
	await using running = await startFunction(join(EXAMPLES, 'node-http'), ['--timeout', '30']);
	const whole = content(6 * MIB);
	const passed = await exchange(running.url, { method: 'POST', body: whole });
	assert.is(passed.status, 200, passed.text.slice(0, 500));
	assert.ok(passed.body.equals(whole));
	const large = content(7 * MIB);
	refused(await exchange(running.url, { method: 'POST', body: large }), 413, 'ERR_REQUEST_BODY_TOO_LARGE');
	refused(
		await exchange(running.url, { method: 'POST', body: inParts(large) }),
		413,
		'ERR_REQUEST_BODY_TOO_LARGE',
	);
});

test('E-19: --strict-envelope refuses a response whose envelope would pass 6 MiB; without it the log gives both figures', async () => {
	const target = `/file?bytes=${5 * MIB}`;
	const folder = join(EXAMPLES, 'file-download');
	{
		await using running = await startFunction(folder, ['--strict-envelope']);
		refused(await exchange(running.url, { target }), 500, 'ERR_RESPONSE_ENVELOPE_TOO_LARGE');
	}
	await using running = await startFunction(folder);
	assert.is((await exchange(running.url, { target })).status, 200);
	const record = await running.record(({ level }) => level === 'warn');
	assert.match(JSON.stringify(record), /raw \d\.\d\d MB, encoded \d\.\d\d MB, \d\.\d\d MB over/);
});

function refused(answer: Answer, status: number, code: string): void {
	assert.is(answer.status, status, answer.text.slice(0, 500));
	assert.is(answer.header('X-Httpfn-Error'), code);
	const body = answer.json as { error_code: string; error_msg: string; request_id: string };
	assert.match(body.error_code, /^(FSS|APIG)\.\d{4}$/);
	assert.ok(body.error_msg.length > 0);
	assert.is(body.request_id, answer.header('X-Cff-Request-Id') ?? '');
}

/** The same numbers that examples/file-download sends. */
function content(bytes: number): Buffer {
	const numbers = Uint32Array.from({ length: Math.ceil(bytes / 4) }, (_, index) => index);
	return Buffer.from(numbers.buffer, 0, bytes);
}

async function* inParts(bytes: Buffer): AsyncGenerator<Buffer> {
	for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

interface OpenSocket {
	next(): Promise<Buffer>;
	send(message: string | Buffer): void;
	close(code: number): void;
	readonly closeCode: Promise<number>;
}

function openSocket(url: string): OpenSocket {
	const socket = new WebSocket(url.replace('http:', 'ws:'));
	const messages: Buffer[] = [];
	const readers: Array<(message: Buffer) => void> = [];
	socket.on('message', (message: Buffer) => {
		const reader = readers.shift();
		if (reader === undefined) messages.push(message);
		else reader(message);
	});
	socket.on('error', () => {});
	return {
		next: () =>
			new Promise((resolve) => {
				const message = messages.shift();
				if (message === undefined) readers.push(resolve);
				else resolve(message);
			}),
		send: (message) => socket.send(message),
		close: (code) => socket.close(code),
		closeCode: new Promise((resolve) => socket.once('close', (code) => resolve(code))),
	};
}

test.run();
