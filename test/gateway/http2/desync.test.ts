/** Requests over HTTP/2 that want to be more than one request over HTTP/1.1, or another one. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { headersText } from '../../../src/http2/frame-text.ts';
import { FLAG } from '../../../src/http2/frame-types.ts';
import { encodeField } from '../../../src/http2/hpack-encoder.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { RawHttp2Client } from '../../harness/raw-http2-client.ts';
import { frame, requestBlock } from '../../harness/session-bed.ts';

const test = suite('http2-desync');
const SMUGGLED = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n';

/** Blocks that are refused with a code before anybody looks at the request. */
const RESET: readonly string[] = [
	requestBlock({ 'transfer-encoding': 'chunked' }),
	requestBlock({ connection: 'keep-alive' }),
	requestBlock({ upgrade: 'websocket' }),
	requestBlock({ 'x-thing': `a\r\n\r\n${SMUGGLED}` }),
	requestBlock({ 'x-thing': 'a\nTransfer-Encoding: chunked' }),
	requestBlock({ 'x-thing: a\r\nx': 'b' }),
	requestBlock({ 'transfer-encoding:': 'chunked' }),
	requestBlock({ 'transfer-encoding ': 'chunked' }),
	requestBlock({ ':path': `/ HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}` }),
	requestBlock({ ':path': 'http://b/' }),
	requestBlock({ ':method': `${SMUGGLED}GET` }),
	requestBlock({ ':authority': `a\r\n\r\n${SMUGGLED}` }),
	requestBlock({ ':scheme': 'http://b/?' }),
	requestBlock({ host: 'b' }),
	requestBlock() + encodeField(':path', '/admin'),
];

/** Blocks that the judge of HTTP/1.1 heads answers with 400. */
const ANSWERED: readonly string[] = [
	requestBlock({ ':authority': 'user@a' }),
	requestBlock({ ':authority': 'a,b' }),
	requestBlock({ ':path': '/a#b' }),
	requestBlock({ 'content-length': '1, 1' }),
	requestBlock({ 'content-length': '+1' }),
	requestBlock({ 'content-length': '1' }) + encodeField('content-length', '2'),
	encodeField(':method', 'CONNECT') + encodeField(':authority', 'a:80'),
	requestBlock({ ':method': 'OPTIONS', ':path': '*' }),
];

test('G-139: what would be another request over HTTP/1.1 is refused, and the function never hears of it', async () => {
	await using bed = await GatewayBed.start();
	await using client = await RawHttp2Client.connect(bed.port);
	let id = -1;
	for (const block of RESET) {
		id += 2;
		await client.send(headersText(id, block, true));
		assert.is((await client.frame('RST_STREAM', id)).code, 'PROTOCOL_ERROR', JSON.stringify(block));
	}
	for (const block of ANSWERED) {
		id += 2;
		await client.send(headersText(id, block, true));
		assert.is(await client.status(), 400, JSON.stringify(block));
	}
	assert.is(bed.source.entered, 0);
	assert.is(bed.function.connections, 0);
});

test('G-139: names that servers fold into others are dropped, and a body is a body', async () => {
	await using bed = await GatewayBed.start();
	await using client = await RawHttp2Client.connect(bed.port);
	const block = requestBlock({
		':method': 'POST',
		content_length: '0',
		transfer_encoding: 'chunked',
		x_cff_region: 'forged',
		'x-forwarded-for': '1.2.3.4',
	});
	const body = `0\r\n\r\n${SMUGGLED}`;
	await client.send(headersText(1, block, false) + frame('DATA', FLAG.END_STREAM, 1, body));
	const peer = await bed.function.peer();
	const head = await peer.head();
	assert.equal(head.values('content-length'), [String(body.length)]);
	for (const name of ['content_length', 'transfer_encoding', 'x_cff_region', 'transfer-encoding']) {
		assert.equal(head.values(name), []);
	}
	assert.equal(head.values('x-forwarded-for'), ['127.0.0.1']);
	assert.is((await peer.takeBytes(body.length)).toString(), body);
	await peer.reply('ok');
	assert.is(await client.status(), 200);
	assert.is(peer.bytesWaiting, 0);
});

test('G-139: a function can not slip fields of its connection, or another answer, to the client', async () => {
	await using bed = await GatewayBed.start();
	await using client = await RawHttp2Client.connect(bed.port);
	await client.send(headersText(1, requestBlock(), true));
	const peer = await bed.function.peer();
	await peer.head();
	const lines = [
		'Connection: x-secret, close',
		'X-Secret: 1',
		'Upgrade: h2c',
		'Trailer: x',
		'X-Cff-Request-Id: forged',
	];
	const answer = `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: 2\r\n\r\nok`;
	await peer.send(answer);
	const names = (await client.fields()).filter((_, at) => at % 2 === 0);
	assert.equal(names, [':status', 'content-length', 'x-cff-request-id', 'x-request-id']);
	assert.is((await client.frame('DATA', 1)).payload.toString(), 'ok');
	await client.send(headersText(3, requestBlock(), true));
	const next = await bed.function.peer();
	await next.head();
	await next.send(answer + answer);
	assert.is(await client.status(), 502);
});

test.run();
