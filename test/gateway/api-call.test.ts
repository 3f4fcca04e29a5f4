/** One call of an API: judged, counted, dressed, and only then the function's business. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { AddressRule } from '../../src/gateway/address-rule.ts';
import { type Api, NOTHING_ASKED } from '../../src/gateway/api.ts';
import { Cors } from '../../src/gateway/cors.ts';
import type { Admitted, GuardedRequest, Verdict } from '../../src/gateway/guard.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('ApiCall');

const OPEN: Api = {
	id: 'a'.repeat(32),
	...NOTHING_ASKED,
};

const ADMITTED: Admitted = { kind: 'admitted', app: 'app1', user: null, lines: '', judgeBody: null };

const refused = (code: 'ERR_APP_UNAUTHORIZED' | 'ERR_OVERLOADED') =>
	new RuntimeError(code, 'refused by the test');

/** A gateway where every request is a call of this API. */
async function bedOf(api: Partial<Api>): Promise<GatewayBed> {
	const bed = await GatewayBed.start();
	const { target } = bed;
	const passage = { target, functionLines: target.functionLines, api: { ...OPEN, ...api } };
	bed.gateway.reroute({ find: () => passage });
	return bed;
}

/** A guard that says this. */
const saying = (verdict: Verdict | Promise<Verdict>, seen: GuardedRequest[] = []) => ({
	judge(request: GuardedRequest) {
		seen.push(request);
		return verdict;
	},
});

test('G-181: a guard sees the request as it was sent, and whom it refuses the function never hears of', async () => {
	const seen: GuardedRequest[] = [];
	await using bed = await bedOf({ guard: saying(refused('ERR_APP_UNAUTHORIZED'), seen) });
	const client = await bed.client();
	client.ask('GET /a?b=c HTTP/1.1', 'X-Apig-AppCode: secret', 'X-Auth-Token: t');
	const answer = await client.answer();
	assert.equal([answer.status, answer.value('X-Httpfn-Error')], [401, 'ERR_APP_UNAUTHORIZED']);
	assert.equal(
		seen.map(({ method, target, host, address }) => [method, target, host, address]),
		[['GET', '/a?b=c', 'a', '127.0.0.1']],
	);
	assert.match(seen[0]?.fieldLines ?? '', 'X-Apig-AppCode: secret\r\n');
	assert.is(seen[0]?.requestId, answer.value('X-Cff-Request-Id'));
	assert.is(bed.source.entered, 0);
});

test('G-182: who is let in reaches the function without its credentials, and with the lines of the guard', async () => {
	await using bed = await bedOf({ guard: saying({ ...ADMITTED, lines: 'X-From-Guard: yes\r\n' }) });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Authorization: Basic eDp5', 'X-Own: 1');
	const head = await peer.head();
	assert.equal(
		['authorization', 'x-from-guard', 'x-own'].map((name) => head.value(name)),
		[null, 'yes', '1'],
	);
	await peer.reply('in');
	assert.is((await client.answer()).text, 'in');
});

test('G-183: while a guard asks elsewhere the request waits with its body, and then goes on whole', async () => {
	const verdict = Promise.withResolvers<Verdict>();
	await using bed = await bedOf({ guard: saying(verdict.promise) });
	const client = await bed.client();
	const body = Buffer.alloc(300_000, 'b');
	client.ask('POST / HTTP/1.1', `Content-Length: ${body.length}`);
	const sent = client.send(body);
	assert.is(bed.source.entered, 0);
	verdict.resolve(ADMITTED);
	const peer = await bed.function.peer();
	await peer.head();
	assert.ok((await peer.takeBytes(body.length)).equals(body));
	await peer.reply('got it');
	await sent;
	assert.is((await client.answer()).text, 'got it');
});

test('G-183: a client that leaves while a guard asks elsewhere has cost the function nothing', async () => {
	const verdict = Promise.withResolvers<Verdict>();
	const asked = Promise.withResolvers<void>();
	const guard = {
		judge() {
			asked.resolve();
			return verdict.promise;
		},
	};
	await using bed = await bedOf({ guard });
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await asked.promise;
	client.socket.resetAndDestroy();
	// An answer to somebody else tells that the reset has been seen.
	const mistaken = await bed.client();
	await mistaken.send('no request\r\n\r\n');
	await mistaken.answer();
	const other = await bed.client();
	verdict.resolve(ADMITTED);
	other.ask('GET /other HTTP/1.1');
	const peer = await bed.function.peer();
	assert.match((await peer.head()).requestLine, '/other');
	await peer.reply('');
	await other.answer();
});

test('G-184: a signed body is judged before a byte of it reaches the function, one of known length and one in chunks', async () => {
	const expected = createHash('sha256').update('signed body').digest('hex');
	const judgeBody = (hex: string) => (hex === expected ? null : refused('ERR_APP_UNAUTHORIZED'));
	await using bed = await bedOf({ guard: saying({ ...ADMITTED, judgeBody }) });
	const requests = [
		['Content-Length: 11', 'signed body', 'forged body'],
		['Transfer-Encoding: chunked', 'b\r\nsigned body\r\n0\r\n\r\n', '6\r\nforged\r\n0\r\n\r\n'],
	] as const;
	for (const [framing, signed, forged] of requests) {
		const { client, peer } = await (async () => {
			const client = await bed.client();
			client.ask('POST / HTTP/1.1', framing);
			void client.send(signed);
			return { client, peer: await bed.function.peer() };
		})();
		const head = await peer.head();
		assert.is(head.value('content-length'), '11');
		assert.is((await peer.takeBytes(11)).toString(), 'signed body');
		await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
		assert.is((await client.answer()).status, 200);
		const forger = await bed.client();
		forger.ask('POST / HTTP/1.1', framing);
		void forger.send(forged);
		assert.is((await forger.answer()).value('X-Httpfn-Error'), 'ERR_APP_UNAUTHORIZED', framing);
	}
	assert.is(bed.source.entered, 2);
});

test('G-184: a request without a body is judged by the digest of nothing', async () => {
	const nothing = createHash('sha256').digest('hex');
	const judgeBody = (hex: string) => (hex === nothing ? null : refused('ERR_APP_UNAUTHORIZED'));
	await using bed = await bedOf({ guard: saying({ ...ADMITTED, judgeBody }) });
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('');
	assert.is((await client.answer()).status, 200);
});

test('G-185: calls are counted once they are let in, by app and address, and one too many is told when to come again', async () => {
	const counted: object[] = [];
	const throttle = {
		admit(caller: object) {
			counted.push(caller);
			const error = counted.length > 1 ? refused('ERR_OVERLOADED') : null;
			return {
				error,
				retryLines: error === null ? '' : 'Retry-After: 7\r\n',
				debugLines: () => 'X-Left: 1\r\n',
			};
		},
	};
	let verdict: Verdict = refused('ERR_APP_UNAUTHORIZED');
	await using bed = await bedOf({ throttle, guard: { judge: () => verdict } });
	const stranger = await bed.client();
	stranger.ask('GET / HTTP/1.1');
	assert.is((await stranger.answer()).status, 401);
	assert.equal(counted, []);
	verdict = ADMITTED;
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('');
	assert.is((await client.answer()).value('X-Left'), null);
	client.ask('GET / HTTP/1.1');
	assert.is((await client.answer()).value('Retry-After'), '7');
	assert.equal(counted[0], { app: 'app1', user: null, address: '127.0.0.1' });
});

test('G-186: X-Apig-Mode: debug is answered with what the call took and what is left of its limits', async () => {
	const throttle = { admit: () => ({ error: null, retryLines: '', debugLines: () => 'X-Left: 1\r\n' }) };
	await using bed = await bedOf({ throttle });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'X-Apig-Mode: debug');
	assert.is((await peer.head()).value('X-Apig-Mode'), null);
	await peer.reply('');
	const answer = await client.answer();
	for (const name of ['X-Apig-Latency', 'X-Apig-Upstream-Latency'])
		assert.match(answer.value(name) ?? '', /^\d+$/);
	assert.is(answer.value('X-Left'), '1');
});

test('G-187: an API of APIC answers errors with the numbers of APIC', async () => {
	await using bed = await bedOf({ family: 'APIC', backendTimeoutMs: 20 });
	const { client, peer } = await bed.asked();
	await peer.head();
	const answer = await client.answer();
	assert.equal([answer.status, JSON.parse(answer.text).error_code], [504, 'APIC.0203']);
});

test('G-188: an answer that has not begun when the trigger’s own timeout ends is a 504, one that has may go on', async () => {
	await using bed = await bedOf({ backendTimeoutMs: 60 });
	const slow = await bed.asked();
	await slow.peer.head();
	const answer = await slow.client.answer();
	assert.equal([answer.status, answer.value('X-Httpfn-Error')], [504, 'ERR_BACKEND_TIMEOUT']);
	await Promise.race([slow.peer.ended, slow.peer.closed]);
	const first = await bed.asked();
	await first.peer.head();
	await first.peer.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab');
	assert.is(bed.source.inFlight.length, 1);
	// The timeout of a call that came later has passed: so has the first one's.
	const second = await bed.asked();
	await second.peer.head();
	await second.client.answer();
	await first.peer.send('cd');
	assert.is((await first.client.answer()).text, 'abcd');
});

test('G-29: who may not call from its address is refused before anybody asks who it is', async () => {
	const seen: GuardedRequest[] = [];
	const guard = saying(ADMITTED, seen);
	await using bed = await bedOf({ guard, addresses: new AddressRule(false, ['127.0.0.0/8']) });
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	const answer = await client.answer();
	assert.equal([answer.status, answer.value('X-Httpfn-Error')], [403, 'ERR_ADDRESS_REFUSED']);
	assert.equal([seen.length, bed.source.entered], [0, 0]);
});

test('G-29: a list that permits lets in only whom it names', async () => {
	for (const [block, status] of [
		['127.0.0.1', 200],
		['192.0.2.0/24', 403],
	] as const) {
		await using bed = await bedOf({ addresses: new AddressRule(true, [block]) });
		const client = await bed.client();
		client.ask('GET / HTTP/1.1');
		if (status === 200) {
			const peer = await bed.function.peer();
			await peer.head();
			await peer.reply('in');
		}
		assert.is((await client.answer()).status, status);
	}
});

test('G-30: an API for HTTPS alone refuses a call in plain HTTP', async () => {
	await using bed = await bedOf({ httpsOnly: true });
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	const answer = await client.answer();
	assert.equal([answer.status, answer.value('X-Httpfn-Error')], [400, 'ERR_PLAIN_REFUSED']);
});

const PAGES = new Cors({
	allowOrigins: ['https://a.example'],
	allowMethods: 'PUT',
	allowHeaders: '',
	exposeHeaders: '',
	maxAgeSeconds: 5,
	allowCredentials: false,
});
const ALLOWED = 'access-control-allow-origin';

test('G-31: a preflight is answered by the gateway, to whoever asks, and the connection goes on', async () => {
	await using bed = await bedOf({ cors: PAGES, guard: saying(refused('ERR_APP_UNAUTHORIZED')) });
	const client = await bed.client();
	client.ask('OPTIONS /a HTTP/1.1', 'Origin: https://a.example', 'Access-Control-Request-Method: PUT');
	const preflight = await client.answer(true);
	assert.equal([preflight.status, preflight.value(ALLOWED)], [204, 'https://a.example']);
	assert.equal([preflight.value('access-control-max-age'), preflight.value('content-length')], ['5', null]);
	// The call itself is judged; its page may read why it was refused.
	client.ask('PUT /a HTTP/1.1', 'Origin: https://a.example', 'Content-Length: 0');
	const call = await client.answer();
	assert.equal([call.status, call.value(ALLOWED)], [401, 'https://a.example']);
	assert.is(bed.source.entered, 0);
});

test('G-31: an answer tells a listed page that it may read it, whatever the function says', async () => {
	await using bed = await bedOf({ cors: PAGES });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Origin: https://a.example');
	await peer.head();
	await peer.reply('ok', 'Access-Control-Allow-Origin: *', 'Vary: Accept');
	const answer = await client.answer();
	assert.equal([answer.text, answer.value(ALLOWED)], ['ok', 'https://a.example']);
	assert.equal(answer.values('vary'), ['Accept', 'Origin']);
});

test.run();
