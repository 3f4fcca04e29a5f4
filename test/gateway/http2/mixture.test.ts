/** Many requests of all kinds at once, some given up on the way: every other is answered, and nothing is left behind. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { answerOf, Http2Client } from '../../harness/http2-client.ts';
import { until } from '../../harness/until.ts';

const test = suite('http2-mixture');
const BODY = Buffer.alloc(400_000, 'The quick brown fox jumps over the lazy dog. ');

interface Plan {
	readonly bytes: number;
	readonly declared: boolean;
	/** Where the client gives up. */
	readonly givesUp: 'never' | 'at-once' | 'half-sent' | 'at-head' | 'at-data';
}

/** A function that sends back what it gets, as it comes. */
async function echo(): Promise<{ port: number } & AsyncDisposable> {
	const server = http.createServer((request, response) => {
		const length = request.headers['content-length'];
		if (length !== undefined) response.setHeader('Content-Length', length);
		request.on('error', () => {});
		request.pipe(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function carryOut(client: Http2Client, plan: Plan): Promise<void> {
	const { bytes, declared, givesUp } = plan;
	const length = declared ? { 'content-length': bytes } : {};
	const stream = client.ask({ ':method': 'POST', ':path': '/', ...length }, false);
	const answer = answerOf(stream);
	const giveUp = () => stream.close(8);
	if (givesUp === 'at-head') stream.once('response', giveUp);
	if (givesUp === 'at-data') stream.once('data', giveUp);
	const body = BODY.subarray(0, bytes);
	if (givesUp === 'half-sent') stream.write(body.subarray(0, bytes >> 1), giveUp);
	else stream.end(body);
	if (givesUp === 'at-once') giveUp();
	const found = await answer.catch(() => null);
	if (givesUp !== 'never') return;
	assert.is(found?.status, 200, JSON.stringify(plan));
	assert.ok(found?.body.equals(body), JSON.stringify(plan));
}

const plans: fc.Arbitrary<Plan> = fc.record({
	bytes: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: BODY.length })),
	declared: fc.boolean(),
	givesUp: fc.constantFrom('never', 'never', 'never', 'at-once', 'half-sent', 'at-head', 'at-data'),
});

for (const streamResponse of [false, true]) {
	const how = streamResponse ? 'streamed' : 'held';
	test(`G-124: 400 requests at once, some given up, leave nothing behind; answers are ${how}`, async () => {
		await using upstream = await echo();
		await using bed = await GatewayBed.start({ upstreamPort: upstream.port, streamResponse });
		const clients = await Promise.all(
			[1 << 12, 65_535, 1 << 20, 1 << 22].map((initialWindowSize) =>
				Http2Client.connect(`http://127.0.0.1:${bed.port}`, { settings: { initialWindowSize } }),
			),
		);
		const work = fc.sample(plans, { numRuns: 400, seed: 42 });
		await Promise.all(work.map((plan, at) => carryOut(clients[at % 4] as Http2Client, plan)));
		for (const client of clients) {
			// Still of use after all that.
			await carryOut(client, { bytes: 1000, declared: true, givesUp: 'never' });
			await client[Symbol.asyncDispose]();
		}
		await until('all places are free', () => (bed.source.inFlight.length === 0 ? true : null));
		await until('nothing is held', () => (bed.gateway.context.held.bytes === 0 ? true : null));
	});
}

test.run();
