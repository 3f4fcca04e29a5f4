/** Large bodies over HTTP/2 whose other end does not read them, and what they cost those that share a gateway with them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../../src/contract/limits.ts';
import type { FunctionPeer } from '../../harness/fake-function.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { answerOf, Http2Client } from '../../harness/http2-client.ts';
import { othersAreServed } from '../../harness/others-are-served.ts';

const test = suite('http2-large-bodies');
const STREAMS = 100;
const BODY_BYTES = 2 * 1024 * 1024;

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

test.run();
