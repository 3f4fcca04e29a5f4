/** Who may keep whom waiting, and for how long. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('timeouts');

test('H-76: a function that does not answer in time gets its connection closed, and the client 504', async () => {
	await using bed = await GatewayBed.start({ timeoutSeconds: 0.05 });
	const { client, peer } = await bed.asked();
	const answer = await client.answer();
	assert.is(answer.status, 504);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_TIMEOUT');
	assert.is(answer.value('X-Func-Err-Code'), '4010');
	assert.is(answer.value('Connection'), null);
	await Promise.race([peer.ended, peer.closed]);
	assert.equal(bed.source.inFlight, []);
});

test('H-76: a function that stops in the middle of its answer has the client reset', async () => {
	await using bed = await GatewayBed.start({ timeoutSeconds: 0.05 });
	const { client, peer } = await bed.asked();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
	await client.takeThrough('half');
	assert.is(await client.closed, 'reset');
	await Promise.race([peer.ended, peer.closed]);
	assert.is(bed.log.records[0]?.fields.code, 'ERR_FUNCTION_TIMEOUT');
});

test('H-76: a held response that does not end in time gets the client 504', async () => {
	await using bed = await GatewayBed.start({ timeoutSeconds: 0.05 });
	const { client, peer } = await bed.asked();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
	assert.is((await client.answer()).status, 504);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-77: the time a client takes to send its body is not charged to the function', async () => {
	await using bed = await GatewayBed.start({ timeoutSeconds: 0.1 });
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 2');
	await client.send('a');
	await peer.head();
	// Another request that runs into the same timeout tells that it has passed.
	const other = await bed.asked('GET /slow HTTP/1.1');
	assert.is((await other.client.answer()).status, 504);
	await client.send('b');
	await peer.takeBytes(2);
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

test('H-77: the time an instance takes to start is not charged to the function', async () => {
	await using bed = await GatewayBed.start({ timeoutSeconds: 0.05 });
	const other = await bed.asked('GET /slow HTTP/1.1');
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	assert.is((await other.client.answer()).status, 504);
	bed.source.start();
	const peer = await bed.function.peer();
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

test('H-78: a head that drips in is refused with 408 when its time is over', async () => {
	await using bed = await GatewayBed.start({ limits: { headTimeoutMs: 60 } });
	const client = await bed.client();
	await client.send('GET / HTTP/1.1\r\nHo');
	const drip = setInterval(() => void client.send('x'), 10);
	const answer = await client.answer().finally(() => clearInterval(drip));
	assert.is(answer.status, 408);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_REQUEST_TIMEOUT');
	assert.is(answer.value('Connection'), 'close');
	await client.ended;
});

test('H-78: the second head on a connection has the same time as the first', async () => {
	await using bed = await GatewayBed.start({ limits: { headTimeoutMs: 60 } });
	const { client, peer } = await bed.asked();
	await peer.head();
	// Large enough for the answer to be written in more than one go.
	await peer.reply(Buffer.alloc(150_000, 'x'));
	client.pause();
	await client.send('GET / HTTP/1.1\r\nHo');
	client.resume();
	await client.answer();
	assert.is((await client.answer()).status, 408);
});

test('H-78: a connection that never asks anything is closed without a word', async () => {
	await using bed = await GatewayBed.start({ limits: { headTimeoutMs: 40 } });
	const client = await bed.client();
	assert.is((await client.takeRest()).length, 0);
	assert.equal(bed.log.records, []);
});

test('H-79: a body that stops arriving is refused with 408, and the function is let go', async () => {
	await using bed = await GatewayBed.start({ limits: { stallTimeoutMs: 50 } });
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 10');
	await client.send('hal');
	const answer = await client.answer();
	assert.is(answer.status, 408);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_REQUEST_TIMEOUT');
	await Promise.race([peer.ended, peer.closed]);
	assert.equal(bed.source.inFlight, []);
});

test('H-79: a chunked body that stops arriving is refused with 408, and never reaches the function', async () => {
	await using bed = await GatewayBed.start({ limits: { stallTimeoutMs: 50 } });
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
	await client.send('a\r\nhal');
	assert.is((await client.answer()).status, 408);
	assert.is(bed.function.connections, 0);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-79: a client whose body waits for an instance is not blamed for it', async () => {
	await using bed = await GatewayBed.start({ limits: { stallTimeoutMs: 40 } });
	bed.source.sleep();
	const waiting = await bed.client();
	waiting.ask('POST / HTTP/1.1', 'Content-Length: 200000');
	void waiting.send(Buffer.alloc(200_000, 'w'));
	await bed.source.asked;
	// A client that does stall tells that the time has passed, twice.
	for (const _ of [1, 2]) {
		const stalling = await bed.client();
		stalling.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
		await stalling.send('a\r\nhal');
		assert.is((await stalling.answer()).status, 408);
	}
	assert.is(waiting.bytesWaiting, 0);
	bed.source.start();
	const peer = await bed.function.peer();
	await peer.head();
	await peer.takeBytes(200_000);
	await peer.reply('ok');
	assert.is((await waiting.answer()).text, 'ok');
});

test('H-80: an idle connection is closed in order', async () => {
	await using bed = await GatewayBed.start({ limits: { idleTimeoutMs: 40 } });
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply(Buffer.alloc(150_000, 'x'));
	assert.is((await client.answer()).body.length, 150_000);
	await client.ended;
	assert.equal(bed.log.records, []);
});

test('H-81: a client that never reads its answer is reset', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true, limits: { stallTimeoutMs: 60 } });
	const { client, peer } = await bed.asked();
	client.pause();
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n');
	void peer.send(Buffer.alloc(60_000_000));
	await Promise.race([peer.ended, peer.closed]);
	assert.equal(bed.source.inFlight, []);
	client.resume();
	assert.is(await client.closed, 'reset');
});

test.run();
