/** What the access log gets of requests, however they end. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { NOTHING_ASKED } from '../../src/gateway/api.ts';
import type { AccessEntry } from '../../src/telemetry/access-entry.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { until } from '../harness/until.ts';

const test = suite('recorded requests');

class Records {
	readonly entries: AccessEntry[] = [];

	write(entry: AccessEntry): void {
		this.entries.push(entry);
	}

	/** The next one. */
	async next(): Promise<AccessEntry> {
		await until('a record', () => (this.entries.length > 0 ? true : null));
		const entry = this.entries.shift();
		if (entry === undefined) throw new Error('there is one');
		return entry;
	}
}

test('G-156: each request is one record, with what was asked and answered, and by whom', async () => {
	const records = new Records();
	await using bed = await GatewayBed.start({ accessLog: records });
	const { client, peer } = await bed.asked(
		'POST /a?b=c HTTP/1.1',
		'Content-Length: 3',
		'User-Agent: me',
		'Referer: you',
	);
	await client.send('abc');
	await peer.head();
	await peer.takeBytes(3);
	await peer.reply('answer');
	const answer = await client.answer();
	const { time: _time, firstByteMs, totalMs, ...entry } = await records.next();
	assert.equal(entry, {
		requestId: answer.value('X-Cff-Request-Id'),
		client: '127.0.0.1',
		method: 'POST',
		target: '/a?b=c',
		protocol: 'HTTP/1.1',
		host: 'a',
		status: 200,
		requestBytes: 3,
		responseBytes: 6,
		functionName: bed.target.settings.name,
		version: bed.target.settings.version,
		apiId: null,
		app: null,
		user: null,
		queueMs: 0,
		coldStartMs: 0,
		error: null,
		userAgent: 'me',
		referer: 'you',
	});
	assert.ok(firstByteMs !== null && firstByteMs <= totalMs);
	client.ask('GET /2 HTTP/1.1');
	await peer.head();
	await peer.reply('');
	await client.answer();
	assert.is((await records.next()).target, '/2');
	assert.equal(records.entries, []);
});

test('G-157: the wait for a start is told apart from the wait for a place', async () => {
	const records = new Records();
	await using bed = await GatewayBed.start({ accessLog: records });
	const once = async () => {
		bed.source.sleep();
		const client = await bed.client();
		client.ask('GET / HTTP/1.1');
		await bed.source.asked;
		return client;
	};
	const cold = await once();
	const nowMs = performance.now();
	Object.assign(bed.source.instance, { life: { startedMs: nowMs, readyMs: Number.MAX_SAFE_INTEGER } });
	bed.source.start();
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('');
	await cold.answer();
	const started = await records.next();
	assert.ok(started.coldStartMs > 0 && started.queueMs < started.coldStartMs, JSON.stringify(started));
	Object.assign(bed.source.instance, { life: { startedMs: 0, readyMs: 0 } });
	const queued = await once();
	bed.source.start();
	await peer.head();
	await peer.reply('');
	await queued.answer();
	const waited = await records.next();
	assert.ok(waited.queueMs > 0);
	assert.is(waited.coldStartMs, 0);
});

test('G-158: requests that are refused, fail, are left or are cut are recorded too, with the code of the error', async () => {
	const records = new Records();
	await using bed = await GatewayBed.start({ accessLog: records });
	const broken = await bed.client();
	await broken.send('no request\r\n\r\n');
	await broken.answer();
	const unread = await records.next();
	assert.equal([unread.status, unread.error, unread.method], [400, 'ERR_REQUEST_MALFORMED', '']);
	const failed = await bed.asked();
	await failed.peer.head();
	await failed.peer.send('nonsense\r\n\r\n');
	await failed.client.answer();
	const { status, error, firstByteMs } = await records.next();
	assert.equal([status, error, firstByteMs], [502, 'ERR_RESPONSE_MALFORMED', null]);
	const left = await bed.asked();
	await left.peer.head();
	left.client.socket.resetAndDestroy();
	const gone = await records.next();
	assert.equal([gone.status, gone.error], [0, null]);
	const api = {
		id: 'a1',
		...NOTHING_ASKED,
	} as const;
	const guard = { judge: () => new RuntimeError('ERR_APP_FORBIDDEN', 'no') };
	const { target } = bed;
	bed.gateway.reroute({ find: () => ({ target, functionLines: '', api: { ...api, guard } }) });
	const refused = await bed.client();
	refused.ask('GET / HTTP/1.1');
	await refused.answer();
	const judged = await records.next();
	assert.equal([judged.status, judged.error, judged.apiId], [403, 'ERR_APP_FORBIDDEN', 'a1']);
	bed.gateway.reroute(target);
	const late = await bed.client();
	late.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
	await late.send('no chunk\r\n');
	await late.answer();
	assert.is((await records.next()).error, 'ERR_REQUEST_MALFORMED');
	assert.equal(records.entries, []);
});

test('G-158: a request whose body stops coming is recorded with what its client was told', async () => {
	const records = new Records();
	await using bed = await GatewayBed.start({ accessLog: records, limits: { stallTimeoutMs: 50 } });
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Content-Length: 10');
	await client.send('half');
	const answer = await client.answer();
	const { status, error, requestId } = await records.next();
	assert.equal([status, error], [408, 'ERR_REQUEST_TIMEOUT']);
	assert.is(requestId, answer.value('X-Cff-Request-Id'));
});

test('G-156: who only claims to be somebody is not recorded as that one', async () => {
	const records = new Records();
	await using bed = await GatewayBed.start({ accessLog: records });
	const judgeBody = () => new RuntimeError('ERR_APP_UNAUTHORIZED', 'forged');
	const claim = { kind: 'admitted', app: 'shop', user: 'ada', lines: '', judgeBody } as const;
	const api = {
		id: 'a1',
		...NOTHING_ASKED,
	} as const;
	const { target } = bed;
	bed.gateway.reroute({
		find: () => ({ target, functionLines: '', api: { ...api, guard: { judge: () => claim } } }),
	});
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	assert.is((await client.answer()).status, 401);
	const { app, user, error } = await records.next();
	assert.equal([app, user, error], [null, null, 'ERR_APP_UNAUTHORIZED']);
});

test.run();
