/** Clients of HTTP/2 that take too much, and those that share a gateway with them. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { headersText, settingsText } from '../../../src/http2/frame-text.ts';
import { CLIENT_PREFACE } from '../../../src/http2/frame-types.ts';
import type { FunctionPeer } from '../../harness/fake-function.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { Http2Client } from '../../harness/http2-client.ts';
import { othersAreServed } from '../../harness/others-are-served.ts';
import { RawClient } from '../../harness/raw-client.ts';
import { RawHttp2Client } from '../../harness/raw-http2-client.ts';
import { frame, requestBlock } from '../../harness/session-bed.ts';
import { until } from '../../harness/until.ts';

const test = suite('http2-pressure');
const GET = requestBlock();

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
