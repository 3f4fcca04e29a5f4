/** Bodies whose length is told in each of the ways there are, and answers that have none. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('framing');

test('H-58: a body of known length reaches the function with its length', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 5');
	const head = await peer.head();
	void client.send('hello');
	assert.is(head.value('Content-Length'), '5');
	assert.is((await peer.takeBytes(5)).toString(), 'hello');
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

test('H-58: a request without a body is sent without a length, and an empty one with length 0', async () => {
	await using bed = await GatewayBed.start();
	const first = await bed.asked('DELETE / HTTP/1.1');
	assert.is((await first.peer.head()).value('Content-Length'), null);
	const second = await bed.asked('POST / HTTP/1.1', 'Content-Length: 0');
	assert.is((await second.peer.head()).value('Content-Length'), '0');
});

test('H-59: a chunked request reaches the function whole, with its length, without extensions and trailers', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
	await client.send('3;name="v"\r\nabc\r\n00D\r\n');
	await client.send('0123456789xyz\r\n0\r\nX-Trailer: 1\r\n');
	assert.is(bed.function.connections, 0);
	await client.send('\r\n');
	const peer = await bed.function.peer();
	const head = await peer.head();
	assert.is(head.value('Content-Length'), '16');
	assert.is(head.value('Transfer-Encoding'), null);
	assert.is(head.value('X-Trailer'), null);
	assert.is((await peer.takeBytes(16)).toString(), 'abc0123456789xyz');
});

test('H-59: an empty chunked request reaches the function with length 0', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('PUT / HTTP/1.1', 'Transfer-Encoding: chunked');
	void client.send('0\r\n\r\n');
	const peer = await bed.function.peer();
	assert.is((await peer.head()).value('Content-Length'), '0');
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

test('H-60: a chunked response with extensions and trailers reaches the client with its length', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nwxyz\r\n');
	await peer.send('2\r\n!!\r\n0\r\nX-T: 1\r\n\r\n');
	const answer = await client.answer();
	assert.is(answer.value('Content-Length'), '6');
	assert.is(answer.value('Transfer-Encoding'), null);
	assert.is(answer.value('X-T'), null);
	assert.is(answer.text, 'wxyz!!');
});

test('H-60: a response that ends with its connection reaches the client with its length', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.send('HTTP/1.0 200 OK\r\n\r\nuntil ');
	await peer.send('the end');
	peer.end();
	const answer = await client.answer();
	assert.is(answer.value('Content-Length'), '13');
	assert.is(answer.text, 'until the end');
	client.ask('GET /again HTTP/1.1');
	assert.is((await (await bed.function.peer()).head()).requestLine, 'GET /again HTTP/1.1');
});

test('H-60: a response of a great many one-byte chunks arrives whole', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	const letters = Array.from({ length: 20_000 }, (_, index) => String.fromCharCode(97 + (index % 26)));
	const chunks = letters.map((letter) => `1\r\n${letter}\r\n`).join('');
	void peer.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
	assert.is((await client.answer()).text, letters.join(''));
});

test('H-61: the answer to HEAD has the length of the response, no body, and the connection goes on', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('HEAD / HTTP/1.1');
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n');
	const answer = await client.answer(true);
	assert.is(answer.value('Content-Length'), '99999999');
	client.ask('HEAD /2 HTTP/1.1');
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
	const second = await client.answer(true);
	assert.is(second.value('Content-Length'), null);
	client.ask('GET /3 HTTP/1.1');
	await peer.head();
	await peer.reply('body');
	assert.is((await client.answer()).text, 'body');
	assert.is(bed.function.connections, 1);
});

test('H-62: 204 and 304 have no body, whatever length the function tells', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n');
	const none = await client.answer();
	assert.is(none.status, 204);
	assert.is(none.value('Content-Length'), null);
	client.ask('GET /2 HTTP/1.1');
	await peer.head();
	await peer.send('HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 77\r\n\r\n');
	const same = await client.answer();
	assert.is(same.status, 304);
	assert.is(same.value('Content-Length'), '77');
	client.ask('GET /3 HTTP/1.1');
	await peer.head();
	await peer.reply('body');
	assert.is((await client.answer()).text, 'body');
});

test('H-63: 103 is passed on before the answer, and a 100 of the function is not', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send('HTTP/1.1 100 Continue\r\n\r\n');
	await peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n');
	await peer.reply('ok');
	const hints = await client.answer();
	assert.is(hints.status, 103);
	assert.is(hints.value('Link'), '</a.css>');
	assert.is((await client.answer()).status, 102);
	assert.is((await client.answer()).text, 'ok');
});

test('H-63: an HTTP/1.0 client is spared interim answers', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.0');
	await peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n');
	await peer.reply('ok');
	assert.is((await client.answer()).status, 200);
});

test('H-64: Expect: 100-continue is answered at once and stays behind', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 2', 'Expect: 100-Continue');
	assert.is((await client.answer()).statusLine, 'HTTP/1.1 100 Continue');
	assert.is((await peer.head()).value('Expect'), null);
	void client.send('hi');
	assert.is((await peer.takeBytes(2)).toString(), 'hi');
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

test('H-64: a client that sends its body without waiting is not told to continue', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('ok');
	assert.is((await client.answer()).status, 200);
});

test('H-64: a body announced as too large gets 413 instead of 100', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Content-Length: 6291457', 'Expect: 100-continue');
	assert.is((await client.answer()).status, 413);
	assert.is(bed.function.connections, 0);
});

test('H-64: an expectation that nobody knows is refused with 417', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Content-Length: 2', 'Expect: cookies');
	const answer = await client.answer();
	assert.is(answer.status, 417);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_EXPECTATION_UNSUPPORTED');
});

test('H-65: an HTTP/1.0 client gets its answer and then the end of the connection', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send('GET /old HTTP/1.0\r\n\r\n');
	const peer = await bed.function.peer();
	const head = await peer.head();
	assert.is(head.requestLine, 'GET /old HTTP/1.1');
	assert.is(head.value('Host'), '');
	await peer.reply('ok');
	const answer = await client.answer();
	assert.is(answer.value('Connection'), 'close');
	assert.is(answer.text, 'ok');
	await client.ended;
});

test('H-65: an HTTP/1.0 client that asks for keep-alive keeps its connection', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.0', 'Connection: Keep-Alive');
	await peer.head();
	await peer.reply('one');
	const answer = await client.answer();
	assert.is(answer.value('Connection'), 'keep-alive');
	assert.is(answer.text, 'one');
	client.ask('GET /2 HTTP/1.0', 'Connection: keep-alive');
	await peer.head();
	await peer.reply('two');
	assert.is((await client.answer()).text, 'two');
});

test('H-65: an HTTP/1.0 client gets a chunked response without the chunks', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked('GET / HTTP/1.0', 'Connection: keep-alive');
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
	await peer.send('3\r\ndef\r\n0\r\n\r\n');
	const answer = await client.answer();
	assert.is(answer.value('Transfer-Encoding'), null);
	assert.is(answer.value('Connection'), 'close');
	assert.is(answer.text, 'abcdef');
	assert.is(await Promise.race([client.closed, client.ended.then(() => 'ended')]), 'ended');
});

test.run();
