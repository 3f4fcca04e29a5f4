/** The sizes that bodies may have, to the byte. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionPeer } from '../harness/fake-function.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import type { RawAnswer } from '../harness/raw-client.ts';

const test = suite('limits');
const MAX = 6_291_456;
const STREAM_MAX = 200 * 1024 * 1024;
const STREAM_HEAD = 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';

async function chunk(peer: FunctionPeer, bytes: Uint8Array): Promise<void> {
	await peer.send(`${bytes.length.toString(16)}\r\n`);
	await peer.send(bytes);
	await peer.send('\r\n');
}

/** What a client gets of a response with a body of so many bytes, told its length or chunked. */
async function answerOf(bed: GatewayBed, bytes: number, chunked: boolean): Promise<RawAnswer> {
	const { client, peer } = await bed.asked();
	await peer.head();
	const body = Buffer.alloc(bytes, 'b');
	if (chunked) void peer.send(STREAM_HEAD).then(() => chunk(peer, body).then(() => peer.send('0\r\n\r\n')));
	else void peer.reply(body, 'Connection: close');
	return await client.answer();
}

function assertError(answer: RawAnswer, status: number, code: string): void {
	assert.is(answer.status, status);
	assert.is(answer.value('X-Httpfn-Error'), code);
}

test('H-70: a request body of 6,291,456 bytes passes, by length and chunked', async () => {
	await using bed = await GatewayBed.start();
	const body = Buffer.alloc(MAX, 'u');
	for (const chunked of [false, true]) {
		const client = await bed.client();
		client.ask('POST / HTTP/1.1', chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${MAX}`);
		if (chunked) void client.send(`${MAX.toString(16)}\r\n`);
		void client.send(body);
		if (chunked) void client.send('\r\n0\r\n\r\n');
		const peer = await bed.function.peer();
		assert.is((await peer.head()).value('Content-Length'), String(MAX));
		assert.ok((await peer.takeBytes(MAX)).equals(body));
		await peer.reply('ok', 'Connection: close');
		assert.is((await client.answer()).text, 'ok');
	}
});

test('H-70: a request body announced one byte larger gets 413, and its connection ends', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST /big HTTP/1.1', `Content-Length: ${MAX + 1}`);
	const answer = await client.answer();
	assertError(answer, 413, 'ERR_REQUEST_BODY_TOO_LARGE');
	assert.is(answer.value('Connection'), 'close');
	await client.ended;
	assert.is(bed.source.entered, 0);
	assert.is(bed.log.records[0]?.fields.request, 'POST /big');
});

test('H-70: the refusal of a large HEAD request has no body', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('HEAD / HTTP/1.1', `Content-Length: ${MAX + 1}`);
	assert.is((await client.answer(true)).status, 413);
	assert.is((await client.takeRest()).length, 0);
});

test('G-191: a body announced larger than the gateway takes is refused by the gateway, whoever it is for', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', `Content-Length: ${12 * 1024 * 1024 + 1}`);
	assertError(await client.answer(), 413, 'ERR_GATEWAY_BODY_TOO_LARGE');
	assert.is(bed.source.entered, 0);
});

test('H-71: of a chunked request that grows one byte too large the function sees nothing', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
	void client.send(`${MAX.toString(16)}\r\n`);
	void client.send(Buffer.alloc(MAX));
	void client.send('\r\n1\r\nx');
	const answer = await client.answer();
	assertError(answer, 413, 'ERR_REQUEST_BODY_TOO_LARGE');
	await client.ended;
	assert.is(bed.function.connections, 0);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-72: a response body of 6,291,456 bytes passes, by length and chunked', async () => {
	await using bed = await GatewayBed.start();
	for (const chunked of [false, true]) {
		const answer = await answerOf(bed, MAX, chunked);
		assert.is(answer.status, 200);
		assert.is(answer.value('Content-Length'), String(MAX));
		assert.ok(answer.body.equals(Buffer.alloc(MAX, 'b')));
	}
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-72: a response one byte larger is refused before its first byte, and the function is cut off', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${MAX + 1}\r\n\r\n`);
	const answer = await client.answer();
	assertError(answer, 500, 'ERR_RESPONSE_BODY_TOO_LARGE');
	assert.is(answer.value('X-Func-Err-Code'), '4004');
	assert.is(answer.value('Connection'), null);
	await Promise.race([peer.ended, peer.closed]);
	client.ask('GET /next HTTP/1.1');
	const next = await bed.function.peer();
	await next.reply('next');
	assert.is((await client.answer()).text, 'next');
});

test('H-73: a response of unknown length is held, and refused as soon as it is too large', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	void peer.send(STREAM_HEAD);
	await chunk(peer, Buffer.alloc(1024));
	void chunk(peer, Buffer.alloc(MAX));
	assertError(await client.answer(), 500, 'ERR_RESPONSE_BODY_TOO_LARGE');
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-73: a response of unknown length leaves only when it is whole', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send(`${STREAM_HEAD}5\r\nfirst\r\n`);
	const other = await bed.asked('GET /other HTTP/1.1');
	await other.peer.reply('other');
	await other.client.answer();
	assert.is(client.bytesWaiting, 0);
	await peer.send('4\r\nlast\r\n0\r\n\r\n');
	assert.is((await client.answer()).text, 'firstlast');
});

test('H-74: with response streaming each chunk reaches the client as it comes', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.send(STREAM_HEAD);
	const head = await client.takeThrough('\r\n\r\n');
	assert.ok(head.includes('Transfer-Encoding: chunked\r\n'));
	for (const text of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
		await chunk(peer, Buffer.from(text));
		await client.takeThrough(text);
	}
	await peer.send('0\r\n\r\n');
	await client.takeThrough('0\r\n\r\n');
	client.ask('GET /next HTTP/1.1');
	const next = await bed.function.peer();
	await next.reply('next');
	assert.is((await client.answer()).text, 'next');
});

test('H-74: a stream of 200 MiB passes, and one byte more resets the connection', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const block = Buffer.alloc(4 * 1024 * 1024, 's');
	for (const extra of [0, 1]) {
		const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: close');
		await peer.head();
		let bytes = 0;
		let tail = '';
		client.socket.removeAllListeners('data');
		client.socket.on('data', (slice: Buffer) => {
			bytes += slice.length;
			tail = (tail + slice.subarray(-16).toString('latin1')).slice(-16);
		});
		void peer.send(STREAM_HEAD);
		for (let sent = 0; sent < STREAM_MAX; sent += block.length) await chunk(peer, block);
		if (extra === 0) {
			await peer.send('0\r\n\r\n');
			await client.ended;
			assert.ok(bytes > STREAM_MAX);
			assert.ok(tail.endsWith('\r\n0\r\n\r\n'));
		} else {
			void peer.send('1\r\nx');
			assert.is(await client.closed, 'reset');
			assert.not(tail.endsWith('\r\n0\r\n\r\n'));
		}
	}
});

test('H-74: a stream that announces more than 200 MiB is refused before its first byte', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked();
	await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${STREAM_MAX + 1}\r\n\r\n`);
	assertError(await client.answer(), 500, 'ERR_RESPONSE_BODY_TOO_LARGE');
});

test('H-75: a response that passes here but not in the envelope of the platform is logged with both figures', async () => {
	await using bed = await GatewayBed.start();
	for (const chunked of [false, true]) {
		const answer = await answerOf(bed, 4_850_000, chunked);
		assert.is(answer.status, 200);
		const record = bed.log.records.pop();
		assert.is(record?.level, 'warn');
		assert.is(record?.fields.code, 'ERR_RESPONSE_ENVELOPE_TOO_LARGE');
		assert.is(record?.fields.requestId, answer.value('X-Cff-Request-Id'));
		assert.match(record?.message ?? '', /raw 4\.\d\d MB, encoded 6\.\d\d MB, 0\.\d\d MB over/);
	}
	await answerOf(bed, 4_700_000, false);
	assert.is(bed.log.records.length, 0);
});

test('H-75: with strict envelopes such a response is refused', async () => {
	await using bed = await GatewayBed.start({ strictEnvelope: true });
	assertError(await answerOf(bed, 4_850_000, false), 500, 'ERR_RESPONSE_ENVELOPE_TOO_LARGE');
	assertError(await answerOf(bed, 4_850_000, true), 500, 'ERR_RESPONSE_ENVELOPE_TOO_LARGE');
	assert.is((await answerOf(bed, 4_700_000, false)).status, 200);
});

test.run();
