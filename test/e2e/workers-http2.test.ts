/** Clients of several gateway processes over HTTP/2, beside those over HTTP/1.1. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { http2ClientOfEach } from '../harness/worker-clients.ts';
import { workersBed } from '../harness/workers-bed.ts';

const test = suite('workers over HTTP/2');
const LIMIT = 20;
/** For each of four connections: more than the limit together. */
const CALLS = 8;

test('R-29: calls over HTTP/2 are counted with all others, to the last one', async () => {
	await using the = await workersBed();
	await the.create('one', { strategy_config: { concurrency: 1, concurrent_num: 10 } });
	const url = await the.done('trigger', 'add', 'one', '--path', '/one');
	await the.done('throttle', 'add', 'main', '--calls', String(LIMIT), '--per', '1d');
	await the.done('throttle', 'bind', 'main', 'one');
	const { host, pathname } = new URL(url);
	const clients = await http2ClientOfEach(the.host.running, the.host.url);
	const asking = [
		...clients.map((client) => async (body: Buffer) => {
			const { headers } = await client.request(
				{ ':method': 'PUT', ':path': pathname, ':authority': host },
				body,
			);
			return headers['x-httpfn-error'] ?? null;
		}),
		...the.workers.map((worker) => async () => (await worker.ask(url)).value('x-httpfn-error')),
	];
	const codes = await Promise.all(
		asking.map(async (ask) => {
			const own: unknown[] = [];
			for (let count = 0; count < CALLS; count++) own.push(await ask(Buffer.from('{"headers":{}}')));
			return own;
		}),
	);
	const all = codes.flat();
	assert.is(all.filter((code) => code === null).length, LIMIT);
	assert.is(all.filter((code) => code === 'ERR_THROTTLED').length, all.length - LIMIT);
	for (const client of clients) await client[Symbol.asyncDispose]();
});

test.run();
