/** How a request of the Fetch API ends before its time: by whoever asked, by the function, by the gateway. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BedOptions, GatewayBed } from '../../harness/gateway-bed.ts';
import { answerCode, ask, asked, URL_OF_IT, upload } from './fetch-bed.ts';

const test = suite('fetch-endings');

test('L-6: a signal rejects with its reason, and frees place and connection', async () => {
	await using bed = await GatewayBed.start();
	const abort = new AbortController();
	const { peer, response } = await asked(bed, { signal: abort.signal });
	await peer.head();
	abort.abort(new Error('not wanted any more'));
	assert.match(await response.then(() => '', String), /not wanted any more/);
	await bed.source.idle();
	await peer.ended;
	assert.equal(bed.source.ends, ['abandoned']);
	const late = ask(bed, new Request(URL_OF_IT, { signal: abort.signal }));
	assert.match(await late.then(() => '', String), /not wanted any more/);
	assert.is(bed.source.entered, 1);
});

test('L-6: a request that waits for a place gives its turn up, and a reader that leaves its place', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const abort = new AbortController();
	const waiting = ask(bed, new Request(URL_OF_IT, { signal: abort.signal })).then(() => '', String);
	await bed.source.asked;
	abort.abort();
	assert.match(await waiting, /abort/i);
	assert.is(bed.source.cancelled, 1);
	bed.source.start();
	const { peer, response } = await asked(bed);
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
	await ((await response).body as ReadableStream).cancel();
	await bed.source.idle();
	assert.equal(bed.source.ends, ['abandoned']);
});

test('L-7: an answer that breaks off fails at its reader', async () => {
	await using bed = await GatewayBed.start();
	const { peer, response } = await asked(bed);
	await peer.head();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
	const answer = await response;
	peer.reset();
	const failure = await answer.text().then(
		() => null,
		(error: { code?: string }) => error,
	);
	assert.match(String(failure?.code), /^ERR_/);
	await bed.source.idle();
});

const STALLED: BedOptions = { limits: { stallTimeoutMs: 50 }, streamResponse: true };

test('L-8: an answer that nobody reads, and a body that does not come, are given up', async () => {
	await using bed = await GatewayBed.start(STALLED);
	const { peer, response } = await asked(bed);
	await peer.head();
	void peer.reply(Buffer.alloc(5_000_000, 'x'), 'Connection: close').catch(() => {});
	const answer = await response;
	await bed.source.idle();
	const failure = await answer.arrayBuffer().then(
		() => null,
		(error: { code?: string }) => error,
	);
	assert.is(failure?.code, 'ERR_CLIENT_GONE');
	const body = upload();
	const slow = ask(bed, new Request(URL_OF_IT, body.init({ 'content-length': '10' })));
	assert.is(await answerCode(slow), '408 ERR_REQUEST_TIMEOUT');
	await bed.source.idle();
});

test('L-9: a gateway that stops waits for its requests within the grace, and then gives them up', async () => {
	const bed = await GatewayBed.start();
	const { peer, response } = await asked(bed);
	const { peer: stuck, response: abandoned } = await asked(bed);
	await Promise.all([peer.head(), stuck.head()]);
	const given = abandoned.then(
		() => null,
		(error: { code?: string }) => error,
	);
	const drained = bed.gateway.drain(200, bed.giveUp);
	assert.is(await answerCode(ask(bed, new Request(URL_OF_IT))), '503 ERR_DRAINING');
	void peer.reply('done');
	assert.is(await (await response).text(), 'done');
	await drained;
	assert.is((await given)?.code, 'ERR_DRAINING');
	await bed[Symbol.asyncDispose]();
});

test.run();
