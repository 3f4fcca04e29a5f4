/** Requests over HTTP/2 by an independent client, and what the function sees of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BedOptions, GatewayBed } from '../../harness/gateway-bed.ts';
import { answerOf, Http2Client } from '../../harness/http2-client.ts';

const test = suite('http2-exchange');
const MAX = 6_291_456;

interface Http2Bed extends AsyncDisposable {
	readonly bed: GatewayBed;
	readonly client: Http2Client;
}

async function http2Bed(options: BedOptions = {}): Promise<Http2Bed> {
	const bed = await GatewayBed.start(options);
	const client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	return {
		bed,
		client,
		[Symbol.asyncDispose]: async () => {
			await client[Symbol.asyncDispose]();
			await bed[Symbol.asyncDispose]();
		},
	};
}

test('G-120: a request over HTTP/2 reaches the function as the HTTP/1.1 request that says the same', async () => {
	const protocols: string[] = [];
	await using both = await http2Bed({ accessLog: { write: ({ protocol }) => protocols.push(protocol) } });
	const { bed, client } = both;
	const answer = client.request({
		':path': '/path?query=1',
		':authority': 'function.example:80',
		'user-agent': 'test',
		'x-cff-region': 'forged',
		cookie: ['a=1', 'b=2'],
		te: 'trailers',
	});
	const peer = await bed.function.peer();
	const head = await peer.head();
	assert.is(head.requestLine, 'GET /path?query=1 HTTP/1.1');
	assert.equal(head.values('host'), ['function.example:80']);
	assert.equal(head.values('cookie'), ['a=1; b=2']);
	assert.equal(head.values('te'), []);
	assert.equal(head.values('x-cff-region'), [bed.target.settings.region]);
	assert.equal(head.values('x-forwarded-host'), ['function.example:80']);
	await peer.reply('hello', 'X-Thing: One', 'Connection: keep-alive', 'Keep-Alive: timeout=5');
	const { status, headers, body } = await answer;
	assert.is(status, 200);
	assert.is(body.toString(), 'hello');
	assert.is(headers['x-thing'], 'One');
	assert.is(headers['content-length'], '5');
	assert.is(headers.connection, undefined);
	assert.is(headers['keep-alive'], undefined);
	assert.match(String(headers['x-cff-request-id']), /^[0-9a-f-]{36}$/);
	assert.equal(protocols, ['HTTP/2.0']);
});

test('G-121: bodies of 6 MiB go both ways whole, with a length and without', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const body = Buffer.alloc(MAX, 'abcdefg');
	for (const lines of [{ 'content-length': MAX }, {}]) {
		const answer = client.request({ ':method': 'POST', ':path': '/', ...lines }, body);
		const peer = await bed.function.peer();
		const head = await peer.head();
		assert.equal(head.values('content-length'), [String(MAX)]);
		assert.equal(head.values('transfer-encoding'), []);
		assert.ok((await peer.takeBytes(MAX)).equals(body));
		await peer.reply(body, 'Connection: close');
		assert.ok((await answer).body.equals(body));
	}
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('G-122: HEAD, 204 and 304 have no body, and a HEAD its length', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const head = client.request({ ':method': 'HEAD', ':path': '/' });
	const peer = await bed.function.peer();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
	assert.is((await head).headers['content-length'], '1000');
	for (const status of [204, 304]) {
		const answer = client.request({ ':path': '/' });
		await peer.head();
		await peer.send(`HTTP/1.1 ${status} Thing\r\n\r\n`);
		const { status: found, body } = await answer;
		assert.is(found, status);
		assert.is(body.length, 0);
	}
});

test('G-123: interim answers go before the final one, and 100 where a client waits for it', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const stream = client.ask(
		{ ':method': 'POST', ':path': '/', 'content-length': 4, expect: '100-continue' },
		false,
	);
	const answer = answerOf(stream);
	const interims: number[] = [];
	stream.on('headers', (headers) => interims.push(Number(headers[':status'])));
	await new Promise((resolve) => stream.once('continue', resolve));
	stream.end('body');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.takeBytes(4);
	await peer.send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
	await peer.reply('done');
	assert.is((await answer).body.toString(), 'done');
	assert.equal(
		interims.filter((status) => status !== 100),
		[103],
	);
});

test('G-124: a client that resets its stream gives up its request at once, and other streams go on', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const stream = client.ask({ ':path': '/given-up' });
	stream.on('error', () => {});
	const lost = await bed.function.peer();
	await lost.head();
	const other = client.request({ ':path': '/other' });
	const peer = await bed.function.peer();
	await peer.head();
	stream.close(8);
	await lost.takeRest();
	await peer.reply('still here');
	assert.is((await other).body.toString(), 'still here');
});

test('G-125: an error is answered as over HTTP/1.1: status, code and request id', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const answer = client.request(
		{ ':method': 'POST', ':path': '/', 'content-length': MAX + 1 },
		Buffer.alloc(10),
	);
	const { status, headers, body } = await answer;
	assert.is(status, 413);
	assert.is(headers['x-httpfn-error'], 'ERR_REQUEST_BODY_TOO_LARGE');
	assert.is(JSON.parse(body.toString()).request_id, headers['x-cff-request-id']);
	assert.is(bed.source.entered, 0);
});

test('G-126: an answer that breaks off is reset with INTERNAL_ERROR, never ended', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const stream = client.ask({ ':path': '/' });
	const answer = answerOf(stream);
	const peer = await bed.function.peer();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
	await new Promise((resolve) => stream.once('data', resolve));
	peer.socket.destroy();
	await answer.then(
		() => assert.unreachable('the answer ended'),
		() => assert.is(stream.rstCode, 2),
	);
});

test('G-127: a streamed answer flows as it comes, without a length', async () => {
	await using both = await http2Bed({ streamResponse: true });
	const { bed, client } = both;
	const stream = client.ask({ ':path': '/' });
	const answer = answerOf(stream);
	const peer = await bed.function.peer();
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
	const first = await new Promise((resolve) => stream.once('data', resolve));
	assert.is(String(first), 'one');
	await peer.send('3\r\ntwo\r\n0\r\n\r\n');
	const { headers, body } = await answer;
	assert.is(body.toString(), 'onetwo');
	assert.is(headers['content-length'], undefined);
});

test('G-128: trailers of a request end it and are dropped', async () => {
	await using both = await http2Bed();
	const { bed, client } = both;
	const stream = client.session.request({ ':method': 'POST', ':path': '/' }, { waitForTrailers: true });
	stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'dropped' }));
	const answer = answerOf(stream);
	stream.end('body');
	const peer = await bed.function.peer();
	const head = await peer.head();
	assert.equal(head.values('content-length'), ['4']);
	assert.is((await peer.takeBytes(4)).toString(), 'body');
	await peer.reply('ok');
	assert.is((await answer).status, 200);
});

test.run();
