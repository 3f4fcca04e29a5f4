/** Clients of HTTP/2 that take too much, and those that share a gateway with them. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../../src/contract/limits.ts';
import { headersText, settingsText } from '../../../src/http2/frame-text.ts';
import { CLIENT_PREFACE } from '../../../src/http2/frame-types.ts';
import type { FunctionPeer } from '../../harness/fake-function.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { answerOf, Http2Client } from '../../harness/http2-client.ts';
import { RawClient } from '../../harness/raw-client.ts';
import { RawHttp2Client } from '../../harness/raw-http2-client.ts';
import { frame, requestBlock } from '../../harness/session-bed.ts';
import { until } from '../../harness/until.ts';

const test = suite('http2-pressure');
const GET = requestBlock();
const STREAMS = 100;
const BODY_BYTES = 2 * 1024 * 1024;

/** Another client's request is answered. */
async function othersAreServed(bed: GatewayBed): Promise<void> {
	await using other = await RawClient.connect(bed.port);
	other.ask('GET /other HTTP/1.1');
	for (;;) {
		const peer = await bed.function.peer();
		const { requestLine } = await peer.head().catch(() => ({ requestLine: '' }));
		if (requestLine !== 'GET /other HTTP/1.1') continue;
		await peer.reply('served');
		assert.is((await other.answer()).text, 'served');
		return;
	}
}

test('G-147: a rapid-reset flood ends its connection after a few hundred requests, and others are served', async () => {
	await using bed = await GatewayBed.start();
	await using client = new RawHttp2Client(await RawClient.connect(bed.port));
	let flood = CLIENT_PREFACE + settingsText({});
	for (let id = 1; id < 20_000; id += 2) {
		flood += headersText(id, GET, true) + frame('RST_STREAM', 0, id, '\0\0\0\x08');
	}
	void client.send(flood);
	assert.is((await client.frame('GOAWAY')).code, 'ENHANCE_YOUR_CALM');
	await othersAreServed(bed);
	await bed.source.idle();
	assert.ok(bed.source.entered < 500, `${bed.source.entered} requests were begun`);
	assert.equal(bed.source.inFlight, []);
});

test('G-147: a flood of CONTINUATION ends its connection, and others are served', async () => {
	await using bed = await GatewayBed.start();
	await using client = new RawHttp2Client(await RawClient.connect(bed.port));
	const part = frame('CONTINUATION', 0, 1, 'x'.repeat(10_000));
	void client.send(CLIENT_PREFACE + settingsText({}) + frame('HEADERS', 0, 1, GET) + part.repeat(1000));
	assert.is((await client.frame('GOAWAY')).code, 'ENHANCE_YOUR_CALM');
	await othersAreServed(bed);
	assert.is(bed.source.entered, 1);
});

test('G-148: 100 uploads of 2 MiB that the function does not read hold no more than their windows, and all arrive', async () => {
	await using bed = await GatewayBed.start();
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	const body = Buffer.alloc(BODY_BYTES, 'u');
	const lines = { ':method': 'POST', 'content-length': BODY_BYTES };
	const answers = Array.from({ length: STREAMS }, (_, at) =>
		client.request({ ...lines, ':path': `/${at}` }, body),
	);
	const peers: FunctionPeer[] = [];
	for (let at = 0; at < STREAMS; at++) {
		const peer = await bed.function.peer();
		peer.pause();
		peers.push(peer);
	}
	await othersAreServed(bed);
	for (const peer of peers) {
		peer.resume();
		await peer.head();
		assert.is((await peer.takeBytes(BODY_BYTES)).length, BODY_BYTES);
		assert.ok(bed.gateway.context.held.bytes <= STREAMS * LIMITS.streamWindowBytes);
		await peer.reply('taken', 'Connection: close');
	}
	for (const { status } of await Promise.all(answers)) assert.is(status, 200);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('G-148: 100 downloads of 2 MiB that their client does not read pause their functions, and all arrive', async () => {
	await using bed = await GatewayBed.start();
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	const body = Buffer.alloc(BODY_BYTES, 'd');
	const beforeBytes = process.memoryUsage().rss;
	const streams = Array.from({ length: STREAMS }, (_, at) => client.ask({ ':path': `/${at}` }));
	const heads = streams.map((stream) => new Promise((resolve) => stream.once('response', resolve)));
	for (let at = 0; at < STREAMS; at++) {
		const peer = await bed.function.peer();
		await peer.head();
		await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\nConnection: close\r\n\r\n`);
		void peer.send(body);
	}
	await Promise.all(heads);
	await othersAreServed(bed);
	// What nobody reads stays where it is: with the function, which sends one buffer a hundred times.
	const grownMb = (process.memoryUsage().rss - beforeBytes) / 2 ** 20;
	assert.ok(grownMb < 150, `memory grew by ${grownMb} MB`);
	for (const stream of streams) {
		const { body: found } = await answerOf(stream);
		assert.is(found.length, BODY_BYTES);
	}
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('G-148: a client with windows of any size gets a large answer at once', async () => {
	for (const initialWindowSize of [1 << 14, 1 << 16, 1 << 20, 2 ** 31 - 1]) {
		await using bed = await GatewayBed.start();
		const settings = { initialWindowSize };
		await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`, { settings });
		if (initialWindowSize > 1 << 20) client.session.setLocalWindowSize(initialWindowSize);
		const answer = client.request({ ':path': '/' });
		const peer = await bed.function.peer();
		await peer.head();
		void peer.reply(Buffer.alloc(BODY_BYTES, 'w'));
		assert.is((await answer).body.length, BODY_BYTES);
	}
});

test('G-149: fields that another implementation compresses reach the function as they were', async () => {
	await using bed = await GatewayBed.start();
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	const name = fc.stringMatching(/^y[a-z0-9-]{0,20}$/);
	const value = fc.stringMatching(/^([!-~]([ -~]{0,60}[!-~])?)?$/);
	const fields = fc.dictionary(name, value, { maxKeys: 12 });
	let peer: FunctionPeer | null = null;
	await fc.assert(
		fc.asyncProperty(fields, async (sent) => {
			const answer = client.request({ ':path': '/', ...sent });
			peer ??= await bed.function.peer();
			const head = await peer.head();
			for (const [key, text] of Object.entries(sent)) assert.equal(head.values(key), [text]);
			await peer.reply('x', ...Object.entries(sent).map(([key, text]) => `${key}: ${text}`));
			const { headers } = await answer;
			for (const [key, text] of Object.entries(sent)) assert.is(headers[key], text);
		}),
		{ numRuns: 150 },
	);
});

test('G-149: a client that opens ever new streams while it takes answers is never cut off', async () => {
	await using bed = await GatewayBed.start();
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	const asked = Array.from({ length: 100 }, () => client.request({ ':path': '/' }));
	let answered = 0;
	void (async () => {
		for (;;) {
			const peer = await bed.function.peer();
			void (async () => {
				for (;;) {
					await peer.head();
					await peer.reply('x');
					answered++;
				}
			})().catch(() => {});
		}
	})();
	await Promise.all(asked);
	for (let round = 0; round < 10; round++) {
		await Promise.all(Array.from({ length: 100 }, () => client.request({ ':path': '/' })));
	}
	await until('all are counted', () => (answered >= 1100 ? answered : null));
	assert.is(answered, 1100);
});

test.run();
