/** What goes wrong on the function's side, and how the client is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import type { RawAnswer } from '../harness/raw-client.ts';
import { leaveWhileWaiting } from './leave-while-waiting.ts';

const test = suite('failures');

/** What a client gets where the function sends these bytes in one write, and closes or not. */
async function answerTo(response: string, close = false, method = 'GET'): Promise<RawAnswer> {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked(`${method} / HTTP/1.1`);
	await peer.head();
	await peer.send(response);
	if (close) peer.end();
	const answer = await client.answer(method === 'HEAD');
	await Promise.race([peer.ended, peer.closed]);
	assert.equal(bed.source.inFlight, []);
	return answer;
}

test('H-82: a response that breaks HTTP/1.1 gets the client 502', async () => {
	for (const response of [
		'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc',
		'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
		'HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n',
		'HTTP/1.1 200 OK\r\nX : a\r\n\r\n',
		'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
		'HTTP/2 200 OK\r\n\r\n',
		'HTTP/1.1 20 OK\r\n\r\n',
		'HTTP/1.1 999 No\r\n\r\n',
		'ICY 200 OK\r\n\r\n',
		'<html>\r\n\r\n',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
		`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(140_000)}\r\n\r\n`,
	]) {
		const answer = await answerTo(response);
		assert.is(answer.status, 502, response.slice(0, 80));
		assert.is(answer.value('X-Httpfn-Error'), 'ERR_RESPONSE_MALFORMED', response.slice(0, 80));
	}
});

test('H-83: a function that sends more than its response gets the client 502', async () => {
	for (const [response, method] of [
		['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n', 'GET'],
		['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'HEAD'],
		['HTTP/1.1 204 No Content\r\n\r\nx', 'GET'],
		['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx', 'GET'],
	]) {
		const answer = await answerTo(response ?? '', false, method);
		assert.is(answer.value('X-Httpfn-Error'), 'ERR_RESPONSE_MALFORMED', response);
	}
});

test('H-83: a function that speaks after its response loses the connection, and the client loses nothing', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('fine');
	assert.is((await client.answer()).text, 'fine');
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged');
	await Promise.race([peer.ended, peer.closed]);
	client.ask('GET /2 HTTP/1.1');
	const next = await bed.function.peer();
	await next.head();
	await next.reply('true');
	assert.is((await client.answer()).text, 'true');
});

test('H-84: a switch of protocols that nobody asked for gets the client 502', async () => {
	const answer = await answerTo(
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
	);
	assert.is(answer.status, 502);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_RESPONSE_MALFORMED');
});

test('H-85: a connection lost before the head gets the client the true cause', async () => {
	await using bed = await GatewayBed.start();
	for (const partial of ['', 'HTTP/1.1 200 OK\r\nContent-', 'HTTP/1.1 100 Continue\r\n\r\n']) {
		for (const how of ['end', 'reset'] as const) {
			const { client, peer } = await bed.asked();
			await peer.head();
			if (partial !== '') await peer.send(partial);
			peer[how]();
			const answer = await client.answer();
			assert.is(answer.status, 500);
			assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
			assert.is(answer.value('X-Func-Err-Code'), '4002');
		}
	}
	assert.equal(bed.source.inFlight, []);
	assert.is(bed.source.instance.losses, 6);
});

test('H-85: a connection lost in the middle of a held body gets the client the true cause', async () => {
	const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
	const answer = await answerTo(`${head}5\r\nhe`, true);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
});

test('H-86: a connection lost in the middle of a body that flows has the client reset', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
	await client.takeThrough('half');
	peer.end();
	assert.is(await client.closed, 'reset');
	assert.is(bed.log.records[0]?.fields.code, 'ERR_FUNCTION_EXITED');
});

test('H-86: a stream to an HTTP/1.0 client that breaks off is reset, so that none takes it for whole', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked('GET / HTTP/1.0');
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
	await client.takeThrough('half');
	peer.end();
	assert.is(await client.closed, 'reset');
});

test('H-87: an instance that can not be started gets the client its error', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	bed.source.failStart(new RuntimeError('ERR_FUNCTION_INIT_TIMEOUT', 'not listening after 3 s'));
	const answer = await client.answer();
	assert.is(answer.status, 500);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_INIT_TIMEOUT');
	assert.is(answer.value('X-Func-Err-Code'), '4211');
	assert.is(bed.source.entered, 0);
	assert.is(bed.function.connections, 0);
});

test('H-87: a start that fails for a reason nobody foresaw is an internal error', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	bed.source.failStart(new Error('a secret detail'));
	const answer = await client.answer();
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_INTERNAL');
	assert.is(answer.value('X-Is-Func-Err'), null);
	assert.not(answer.text.includes('secret'));
	assert.match(String(bed.log.records[0]?.fields.cause), 'a secret detail');
});

test('H-88: an error has the body of the platform, its id in the headers, and the same id in the log', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET /x?y HTTP/1.1');
	const seen = await peer.head();
	peer.end();
	const answer = await client.answer();
	const id = answer.value('X-Cff-Request-Id');
	assert.is(id, seen.value('X-CFF-Request-Id'));
	assert.is(answer.value('Content-Type'), 'application/json');
	assert.is(answer.value('X-Is-Func-Err'), 'true');
	assert.equal(JSON.parse(answer.text), {
		error_code: 'FSS.0500',
		error_msg: 'the function exited with code 1',
		request_id: id,
	});
	assert.is(bed.log.records.length, 1);
	assert.is(bed.log.records[0]?.level, 'error');
	assert.equal(bed.log.records[0]?.fields, {
		code: 'ERR_FUNCTION_EXITED',
		fault: 'function',
		status: 500,
		requestId: id,
		client: '127.0.0.1',
		request: 'GET /x?y',
	});
});

test('H-88: a refused request has an id too, and stands in the log as a warning', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('NONSENSE\r\n\r\n');
	const answer = await client.answer();
	assert.is(answer.status, 400);
	assert.is(answer.value('X-Is-Func-Err'), null);
	assert.is(JSON.parse(answer.text).request_id, answer.value('X-Cff-Request-Id'));
	assert.is(bed.log.records[0]?.level, 'warn');
	assert.is(bed.log.records[0]?.fields.requestId, answer.value('X-Cff-Request-Id'));
});

test('H-88: an error that answers HEAD has its length but no body, and the connection goes on', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('HEAD / HTTP/1.1');
	await peer.head();
	peer.end();
	const answer = await client.answer(true);
	assert.ok(Number(answer.value('Content-Length')) > 0);
	client.ask('GET / HTTP/1.1');
	const next = await bed.function.peer();
	await next.head();
	await next.reply('next');
	assert.is((await client.answer()).text, 'next');
});

test('H-89: a client that is reset while it waits for an instance leaves nothing behind', async () => {
	await using bed = await GatewayBed.start();
	await leaveWhileWaiting(bed);
	assert.is(bed.source.waiting, 0);
	bed.source.start();
	assert.is(bed.source.entered, 0);
	assert.is(bed.function.connections, 0);
});

test('H-89: a client that is reset while the function works frees its slot and the connection', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	assert.is(bed.source.inFlight.length, 1);
	client.reset();
	await Promise.race([peer.ended, peer.closed]);
	await bed.source.idle();
	assert.is(bed.source.instance.losses, 0);
});

test.run();
