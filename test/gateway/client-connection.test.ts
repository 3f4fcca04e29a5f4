/** A client's connection where the client takes what is written, or does not, exactly as the test says. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClientConnection } from '../../src/gateway/client-connection.ts';
import { FakeConnection } from '../harness/fake-connection.ts';
import { type BedOptions, GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('client-connection');
const MAX = 6_291_456;
const BLOCK = Buffer.alloc(65_536, 'u');

interface FakeClient extends AsyncDisposable {
	readonly bed: GatewayBed;
	readonly connection: FakeConnection;
	send(bytes: string | Buffer): void;
}

async function fakeClient(options: BedOptions = {}): Promise<FakeClient> {
	const bed = await GatewayBed.start(options);
	const connection = new FakeConnection();
	connection.handler = new ClientConnection(bed.gateway.context, connection, 80, { gone() {}, http2() {} });
	return {
		bed,
		connection,
		send: (bytes) => connection.handler.onData(Buffer.from(bytes)),
		[Symbol.asyncDispose]: async () => {
			connection.destroy();
			await bed[Symbol.asyncDispose]();
		},
	};
}

test('H-90: a client that uploads faster than the function reads is paused, and resumed when it reads', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX}\r\n\r\n`);
	const peer = await bed.function.peer();
	await peer.head();
	peer.pause();
	let sent = 0;
	while (!connection.paused && sent < MAX) {
		client.send(BLOCK);
		sent += BLOCK.length;
	}
	assert.ok(sent < MAX, `${sent} bytes were taken at once`);
	peer.resume();
	while (sent < MAX) {
		await connection.until(() => !connection.paused);
		client.send(BLOCK);
		sent += BLOCK.length;
	}
	assert.ok((await peer.takeBytes(MAX)).equals(Buffer.alloc(MAX, 'u')));
	await peer.reply('ok');
	await connection.until(() => connection.text.endsWith('\r\n\r\nok'));
});

test('H-90: a chunked upload stays in the budget until the function has taken it', async () => {
	await using client = await fakeClient();
	const { bed } = client;
	client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
	for (let sent = 0; sent < MAX; sent += BLOCK.length) {
		client.send('10000\r\n');
		client.send(BLOCK);
		client.send('\r\n');
	}
	assert.is(bed.gateway.context.held.bytes, MAX);
	bed.source.sleep();
	client.send('0\r\n\r\n');
	assert.ok(bed.gateway.context.held.bytes >= MAX - BLOCK.length);
	bed.source.start();
	const peer = await bed.function.peer();
	await peer.head();
	assert.ok((await peer.takeBytes(MAX)).equals(Buffer.alloc(MAX, 'u')));
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-91: a function that answers before it has read the body does not leave the client paused', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX}\r\n\r\n`);
	const peer = await bed.function.peer();
	await peer.head();
	peer.pause();
	for (let sent = 0; sent < MAX; sent += BLOCK.length) client.send(BLOCK);
	assert.ok(connection.paused);
	await peer.reply('early');
	await connection.until(() => connection.text.endsWith('early') && !connection.paused);
	client.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
	const next = await bed.function.peer();
	assert.is((await next.head()).requestLine, 'GET /next HTTP/1.1');
});

test('H-92: the next request is not looked at before the client has taken the last answer', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('one');
	await bed.source.idle();
	assert.is(bed.source.entered, 1);
	assert.ok(connection.paused);
	connection.takes = true;
	connection.handler.onDrain();
	assert.is((await peer.head()).requestLine, 'GET /2 HTTP/1.1');
	await peer.reply('two');
	await connection.until(() => connection.text.endsWith('two'));
	assert.not(connection.paused);
});

test('H-92: a function connection is free for others while its last client still reads', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('slow');
	await bed.source.idle();
	const other = await bed.client();
	other.ask('GET /2 HTTP/1.1');
	assert.is((await peer.head()).requestLine, 'GET /2 HTTP/1.1');
	await peer.reply('other');
	assert.is((await other.answer()).text, 'other');
	assert.is(connection.ending, 'open');
});

test('H-93: a held response is delivered as fast as the client reads, and counts as held until then', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	const { held } = bed.gateway.context;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n');
	void peer.send(Buffer.alloc(0x10_0000, 'h'));
	void peer.send('\r\n0\r\n\r\n');
	await connection.until(() => connection.text.includes('hhh'));
	assert.equal(bed.source.inFlight, []);
	const first = held.bytes;
	assert.ok(first > 0);
	connection.handler.onDrain();
	assert.ok(held.bytes < first);
	connection.takes = true;
	connection.handler.onDrain();
	assert.is(held.bytes, 0);
	assert.is(connection.text.length - connection.text.indexOf('\r\n\r\n') - 4, 0x10_0000);
});

test('H-93: a client that leaves while a held response is delivered gives its share back', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\n\r\n');
	void peer.send(Buffer.alloc(0x10_0000, 'h'));
	peer.end();
	await connection.until(() => connection.text.includes('hhh'));
	assert.ok(bed.gateway.context.held.bytes > 0);
	connection.handler.onClose(null);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-93: interim answers leave as fast as the client reads, too', async () => {
	await using client = await fakeClient({ limits: { stallTimeoutMs: 40 } });
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	void peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(1_000_000));
	await connection.until(() => connection.ending !== 'open');
	assert.is(connection.ending, 'reset');
	assert.ok(connection.text.length < 20_000_000, `${connection.text.length} bytes were written`);
	await Promise.race([peer.ended, peer.closed]);
});

test('H-94: a client that does not take the end of its answer in time is reset', async () => {
	await using client = await fakeClient({ limits: { stallTimeoutMs: 40 } });
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('never read');
	await connection.until(() => connection.ending !== 'open');
	assert.is(connection.ending, 'reset');
});

test('H-94: a client that does not take the end of its last answer in time is reset', async () => {
	await using client = await fakeClient({ limits: { stallTimeoutMs: 40 } });
	const { bed, connection } = client;
	connection.queued = true;
	client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('never read');
	await connection.until(() => connection.ending === 'ended');
	await connection.until(() => connection.ending !== 'ended');
	assert.is(connection.ending, 'reset');
});

test('H-94: a client that closes its half while its answer is on the way gets all of it', async () => {
	await using client = await fakeClient();
	const { bed, connection } = client;
	connection.queued = true;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('whole');
	await connection.until(() => connection.text.endsWith('whole'));
	connection.handler.onEnd();
	assert.is(connection.ending, 'ended');
});

test('H-77: the time a client takes to read is not charged to the function', async () => {
	await using client = await fakeClient({ timeoutSeconds: 0.05, streamResponse: true });
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n');
	await connection.until(() => connection.text.includes('slow'));
	for (const _ of [1, 2, 3]) {
		// A request that runs into the same timeout tells that it has passed.
		const other = await bed.asked('GET /timeout HTTP/1.1');
		assert.is((await other.client.answer()).status, 504);
	}
	assert.is(connection.ending, 'open');
	connection.takes = true;
	connection.handler.onDrain();
	await peer.send('0\r\n\r\n');
	await connection.until(() => connection.text.endsWith('\r\n0\r\n\r\n'));
});

test('H-77: a function that has used up its own time is stopped, however slow its client was', async () => {
	await using client = await fakeClient({ timeoutSeconds: 0.05, streamResponse: true });
	const { bed, connection } = client;
	connection.takes = false;
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n');
	await connection.until(() => connection.text.includes('slow'));
	connection.takes = true;
	connection.handler.onDrain();
	await connection.until(() => connection.ending === 'reset');
	assert.is(bed.log.records[0]?.fields.code, 'ERR_FUNCTION_TIMEOUT');
});

test.run();
