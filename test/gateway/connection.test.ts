/** What happens between requests on one client connection: keep-alive, pipelining, half-closing, early answers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('connection');

test('H-66: a client connection serves one request after another', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET /1 HTTP/1.1');
	await peer.head();
	await peer.reply('1');
	assert.is((await client.answer()).value('Connection'), null);
	for (const number of ['2', '3']) {
		client.ask(`GET /${number} HTTP/1.1`);
		assert.is((await peer.head()).requestLine, `GET /${number} HTTP/1.1`);
		await peer.reply(number);
		assert.is((await client.answer()).text, number);
	}
});

test('H-66: Connection: close is answered with the same, and then the connection ends', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: close');
	await peer.reply('x');
	assert.is((await client.answer()).value('Connection'), 'close');
	assert.is((await client.takeRest()).length, 0);
	client.end();
	assert.is(await client.closed, 'closed');
});

test('H-67: pipelined requests are answered in order, though the first is slow', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	const request = (number: number): string => `GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`;
	void client.send([1, 2, 3].map(request).join(''));
	const peer = await bed.function.peer();
	assert.is((await peer.head()).requestLine, 'GET /1 HTTP/1.1');
	// The second is on the gateway's side already, and stays there.
	await client.send(request(4));
	assert.is(peer.bytesWaiting, 0);
	assert.is(bed.function.connections, 1);
	await peer.reply('1');
	for (const number of [2, 3, 4]) {
		assert.is((await peer.head()).requestLine, `GET /${number} HTTP/1.1`);
		await peer.reply(String(number));
	}
	for (const number of [1, 2, 3, 4]) assert.is((await client.answer()).text, String(number));
});

test('H-67: pipelined POSTs keep their bodies, chunked or not', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send(
		'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none' +
			'POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n' +
			'GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
	);
	const peer = await bed.function.peer();
	for (const [path, body] of [
		['/1', 'one'],
		['/2', 'two'],
	]) {
		assert.is((await peer.head()).requestLine, `POST ${path} HTTP/1.1`);
		assert.is((await peer.takeBytes(3)).toString(), body);
		await peer.reply(`${body} done`);
	}
	await peer.head();
	await peer.reply('end');
	assert.is((await client.answer()).text, 'one done');
	assert.is((await client.answer()).text, 'two done');
	assert.is((await client.answer()).text, 'end');
	await client.ended;
});

test('H-67: a malformed pipelined request is refused after the answers before it', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost : a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('1');
	assert.is((await client.answer()).text, '1');
	const refusal = await client.answer();
	assert.is(refusal.value('X-Httpfn-Error'), 'ERR_REQUEST_MALFORMED');
	assert.is(refusal.value('Connection'), 'close');
	await client.ended;
});

test('H-68: a client that has closed its half still gets its answer', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.1');
	client.end();
	await peer.head();
	await peer.reply('still here');
	assert.is((await client.answer()).text, 'still here');
	assert.is(await client.closed, 'closed');
});

test('H-68: a client that pipelines and closes its half gets all its answers', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
	client.end();
	const peer = await bed.function.peer();
	for (const body of ['one', 'two']) {
		await peer.head();
		await peer.reply(body);
	}
	assert.is((await client.answer()).text, 'one');
	assert.is((await client.answer()).text, 'two');
	assert.is(await client.closed, 'closed');
});

test('H-68: a client that closes its half in the middle of a pipelined request is answered up to there', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTT');
	client.end();
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('one');
	assert.is((await client.answer()).text, 'one');
	await client.closed;
	assert.is(bed.source.entered, 1);
});

test('H-68: a client that closes its half in the middle of a body takes its request with it', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 10');
	await client.send('hal');
	await peer.head();
	assert.is((await peer.takeBytes(3)).toString(), 'hal');
	client.end();
	await Promise.race([peer.ended, peer.closed]);
	await client.closed;
	await bed.source.idle();
});

test('H-69: an answer that comes while the body still arrives is passed on, and ends both connections', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 1000000');
	await client.send('the first bytes');
	await peer.head();
	await peer.reply('no, thank you');
	const answer = await client.answer();
	assert.is(answer.text, 'no, thank you');
	assert.is(answer.value('Connection'), 'close');
	await client.send(Buffer.alloc(100_000));
	await Promise.race([peer.ended, peer.closed]);
	await client.ended;
	await bed.source.idle();
});

test('H-69: a streamed answer may begin before the request body is whole, and both go on', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 6');
	await client.send('abc');
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n');
	await peer.send(Buffer.concat([await peer.takeBytes(3), Buffer.from('\r\n')]));
	await client.takeThrough('abc\r\n'.slice(0, 3));
	await client.send('def');
	await peer.takeBytes(3);
	await peer.send('3\r\ndef\r\n0\r\n\r\n');
	await client.takeThrough('def\r\n0\r\n\r\n');
	await client.ended;
});

test.run();
