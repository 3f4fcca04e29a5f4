/** Calls of APIs over HTTP/2: judged as those over HTTP/1.1 are, before the function hears of them. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../../src/contract/errors.ts';
import { NOTHING_ASKED } from '../../../src/gateway/api.ts';
import type { Admitted, GuardedRequest, Verdict } from '../../../src/gateway/guard.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { Http2Client } from '../../harness/http2-client.ts';

const test = suite('http2-guarded');
const BODY = Buffer.alloc(300_000, 'guarded ');
const DIGEST = createHash('sha256').update(BODY).digest('hex');
const ADMITTED: Admitted = { kind: 'admitted', app: 'app1', user: null, lines: '', judgeBody: null };

/** A gateway where every request is a call of an API with this guard. */
async function guardedBed(
	judge: (request: GuardedRequest) => Verdict | Promise<Verdict>,
): Promise<GatewayBed> {
	const bed = await GatewayBed.start();
	const { target } = bed;
	const api = { id: 'a'.repeat(32), ...NOTHING_ASKED, guard: { judge } };
	const passage = { target, functionLines: target.functionLines, api };
	bed.gateway.reroute({ find: () => passage });
	return bed;
}

test('G-120: a guard sees the HTTP/1.1 request, and judges its body whole, with a length and without', async () => {
	const seen: GuardedRequest[] = [];
	const digests: string[] = [];
	const judgeBody = (sha256Hex: string): null => {
		digests.push(sha256Hex);
		return null;
	};
	await using bed = await guardedBed((request) => {
		seen.push(request);
		return Promise.resolve({ ...ADMITTED, judgeBody });
	});
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	for (const length of [{ 'content-length': BODY.length }, {}]) {
		const lines = {
			':method': 'POST',
			':path': '/a?b=c',
			':authority': 'a.test',
			'x-apig-appcode': 'secret',
		};
		const answer = client.request({ ...lines, ...length }, BODY);
		const peer = await bed.function.peer();
		await peer.head();
		assert.ok((await peer.takeBytes(BODY.length)).equals(BODY));
		await peer.reply('in', 'Connection: close');
		assert.is((await answer).body.toString(), 'in');
	}
	assert.equal(digests, [DIGEST, DIGEST]);
	for (const { method, target, host, fieldLines } of seen) {
		assert.equal([method, target, host], ['POST', '/a?b=c', 'a.test']);
		assert.match(fieldLines, 'host: a.test\r\n');
		assert.match(fieldLines, 'x-apig-appcode: secret\r\n');
	}
});

test('G-125: a call that is refused in the middle of its body is answered, and the next goes on', async () => {
	let verdict = Promise.withResolvers<Verdict>();
	await using bed = await guardedBed(() => verdict.promise);
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`);
	const lines = { ':method': 'POST', ':path': '/', 'content-length': BODY.length };
	const stream = client.ask(lines, false);
	const head = new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', resolve));
	const ended = new Promise((resolve) => stream.once('end', resolve));
	stream.resume().end(BODY);
	verdict.resolve(new RuntimeError('ERR_APP_UNAUTHORIZED', 'refused by the test'));
	const headers = await head;
	assert.equal([headers[':status'], headers['x-httpfn-error']], [401, 'ERR_APP_UNAUTHORIZED']);
	// Not until it closes: one engine's client goes on to wait for room to send the rest.
	await ended;
	assert.is(bed.source.entered, 0);
	assert.is(bed.gateway.context.held.bytes, 0);
	verdict = Promise.withResolvers();
	verdict.resolve(ADMITTED);
	const next = client.request(lines, BODY);
	const peer = await bed.function.peer();
	await peer.head();
	assert.ok((await peer.takeBytes(BODY.length)).equals(BODY));
	await peer.reply('in');
	assert.is((await next).status, 200);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test.run();
