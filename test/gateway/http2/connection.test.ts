/** How connections that speak HTTP/2 begin, wait and end. */
import tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { headersText } from '../../../src/http2/frame-text.ts';
import { CLIENT_PREFACE, FLAG } from '../../../src/http2/frame-types.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { answerOf, Http2Client } from '../../harness/http2-client.ts';
import { RawClient } from '../../harness/raw-client.ts';
import { RawHttp2Client } from '../../harness/raw-http2-client.ts';
import { frame, requestBlock } from '../../harness/session-bed.ts';
import { TlsFolder } from '../../harness/tls-folder.ts';

const test = suite('http2-connection');
const GET = requestBlock();
const POST = requestBlock({ ':method': 'POST', 'content-length': '4' });

async function secureBed(): Promise<{ bed: GatewayBed; port: number } & AsyncDisposable> {
	const folder = new TlsFolder();
	const bed = await GatewayBed.start({ tls: { certificates: [folder.pair('a')], minVersion: '1.2' } });
	const place = await bed.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, true);
	return {
		bed,
		port: place.kind === 'tcp' ? place.port : 0,
		[Symbol.asyncDispose]: async () => {
			await bed[Symbol.asyncDispose]();
			folder[Symbol.dispose]();
		},
	};
}

test('G-140: over TLS a client that offers h2 gets it, and one that does not gets HTTP/1.1', async () => {
	await using secure = await secureBed();
	const { bed, port } = secure;
	await using client = await Http2Client.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
	const answer = client.request({ ':path': '/' });
	const peer = await bed.function.peer();
	assert.is((await peer.head()).value('x-forwarded-proto'), 'https');
	await peer.reply('by h2');
	assert.is((await answer).body.toString(), 'by h2');
	for (const offers of [['http/1.1'], undefined]) {
		const socket = tls.connect({
			port,
			host: '127.0.0.1',
			rejectUnauthorized: false,
			...(offers === undefined ? {} : { ALPNProtocols: offers }),
		});
		await new Promise((resolve) => socket.once('secureConnect', resolve));
		assert.is(socket.alpnProtocol, offers === undefined ? false : 'http/1.1');
		const plain = new RawClient(socket);
		plain.ask('GET / HTTP/1.1');
		await peer.head();
		await peer.reply('by one');
		assert.is((await plain.answer()).text, 'by one');
		await plain[Symbol.asyncDispose]();
	}
});

test('G-141: on a plain listener the preface of HTTP/2 is understood, in one piece or byte by byte', async () => {
	await using bed = await GatewayBed.start();
	const bytes = CLIENT_PREFACE + frame('SETTINGS', 0, 0) + headersText(1, GET, true);
	for (const size of [bytes.length, 1]) {
		await using client = new RawHttp2Client(await RawClient.connect(bed.port));
		for (let at = 0; at < bytes.length; at += size) await client.send(bytes.slice(at, at + size));
		const peer = await bed.function.peer();
		await peer.head();
		await peer.reply('x', 'Connection: close');
		assert.is(await client.status(), 200);
	}
});

test('G-141: a client that has asked by HTTP/1.1 can not go over to HTTP/2, nor by Upgrade', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c');
	assert.is((await peer.head()).value('upgrade'), null);
	await peer.reply('x');
	assert.is((await client.answer()).status, 200);
	await client.send(CLIENT_PREFACE);
	assert.is((await client.answer()).status, 505);
});

test('G-142: a gateway that stops says GOAWAY, answers what is under way and closes', async () => {
	await using bed = await GatewayBed.start();
	await using client = await RawHttp2Client.connect(bed.port);
	await using idle = await RawHttp2Client.connect(bed.port);
	await client.send(headersText(1, GET, true));
	const peer = await bed.function.peer();
	await peer.head();
	const drained = bed.gateway.drain(60_000, bed.giveUp);
	assert.is((await idle.frame('GOAWAY')).code, 'NO_ERROR');
	await idle.socket.ended;
	assert.is((await client.frame('GOAWAY')).code, 'NO_ERROR');
	await client.send(headersText(3, GET, true));
	assert.is((await client.frame('RST_STREAM', 3)).code, 'REFUSED_STREAM');
	await peer.reply('the last');
	assert.is(await client.status(), 200);
	assert.is((await client.frame('DATA', 1)).payload.toString(), 'the last');
	await client.socket.ended;
	for (const { socket } of [client, idle]) socket.end();
	await drained;
});

test('G-143: a connection whose head does not come is told so and closed, and so is one that is idle', async () => {
	await using impatient = await GatewayBed.start({ limits: { headTimeoutMs: 50 } });
	await using slow = await RawHttp2Client.connect(impatient.port);
	await slow.send(frame('HEADERS', FLAG.END_STREAM, 1, GET));
	assert.is((await slow.frame('GOAWAY')).code, 'ENHANCE_YOUR_CALM');
	await slow.socket.ended;
	await using brief = await GatewayBed.start({ limits: { idleTimeoutMs: 50 } });
	await using idle = await RawHttp2Client.connect(brief.port);
	assert.is((await idle.frame('GOAWAY')).code, 'NO_ERROR');
	await idle.socket.ended;
});

test('G-143: a body that does not come is answered with 408, and other requests go on', async () => {
	await using bed = await GatewayBed.start({ limits: { stallTimeoutMs: 50 } });
	await using client = await RawHttp2Client.connect(bed.port);
	await client.send(headersText(1, GET, true));
	const peer = await bed.function.peer();
	await peer.head();
	await client.send(headersText(3, POST, false));
	assert.is(await client.status(), 408);
	assert.is((await client.frame('RST_STREAM', 3)).code, 'NO_ERROR');
	await peer.reply('still here');
	assert.is(await client.status(), 200);
});

test('G-143: a stream whose window stays closed is reset after a while, and frees its place at once', async () => {
	await using bed = await GatewayBed.start({ limits: { stallTimeoutMs: 50 } });
	await using client = await RawHttp2Client.connect(bed.port, { INITIAL_WINDOW_SIZE: 0 });
	await client.send(headersText(1, GET, true));
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('x'.repeat(100_000));
	assert.is(await client.status(), 200);
	assert.is((await client.frame('RST_STREAM', 1)).code, 'CANCEL');
	await bed.source.idle();
});

test('G-144: a body that is not as long as Content-Length says is PROTOCOL_ERROR, and never whole for the function', async () => {
	await using bed = await GatewayBed.start();
	await using client = await RawHttp2Client.connect(bed.port);
	for (const [id, body] of [
		[1, 'abcde'],
		[3, 'abc'],
	] as const) {
		await client.send(headersText(id, POST, false) + frame('DATA', FLAG.END_STREAM, id, body));
		assert.is((await client.frame('RST_STREAM', id)).code, 'PROTOCOL_ERROR');
	}
	await client.send(headersText(5, POST, true));
	assert.is((await client.frame('RST_STREAM', 5)).code, 'PROTOCOL_ERROR');
	await bed.source.idle();
	const codes = bed.log.records.map(({ fields }) => fields.code);
	assert.equal(codes, ['ERR_REQUEST_MALFORMED', 'ERR_REQUEST_MALFORMED', 'ERR_REQUEST_MALFORMED']);
});

test('G-145: heads over the limits of HTTP/1.1 get the same errors', async () => {
	await using bed = await GatewayBed.start();
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`, {
		maxSendHeaderBlockLength: 1 << 20,
	});
	const many = Object.fromEntries(Array.from({ length: 260 }, (_, at) => [`x-${at}`, 'x']));
	const long = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x-${at}`, '~'.repeat(20_000)]));
	const cases = [
		[{ 'x-long': '0'.repeat(33_000) }, 494],
		[many, 494],
		[{ ':path': `/${'0'.repeat(33_000)}` }, 414],
	] as const;
	for (const [headers, status] of cases) {
		const answer = await client.request({ ':path': '/', ...headers });
		assert.is(answer.status, status);
	}
	// Beyond what a field block may have the connection ends.
	const stream = client.ask({ ':path': '/', ...long });
	await answerOf(stream).then(
		() => assert.unreachable('it was answered'),
		() => {},
	);
	assert.is(bed.source.entered, 0);
});

test('G-146: a connection beyond the limit is told so', async () => {
	await using secure = await secureBed();
	const { bed, port } = secure;
	Object.assign(bed.gateway.context.limits, { connectionsMax: 1 });
	const connect = () => Http2Client.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
	await using first = await connect();
	await using second = await connect();
	assert.is(await second.goodbye, 11);
	const answer = first.request({ ':path': '/' });
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('first');
	assert.is((await answer).body.toString(), 'first');
});

test.run();
