/** Requests and Responses of the Fetch API against a function that is scripted byte for byte. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionPeer } from '../../harness/fake-function.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { answerCode, ask, asked, URL_OF_IT, upload } from './fetch-bed.ts';

const test = suite('fetch-call');
test('L-1: a Request reaches the function as the gateway would send it', async () => {
	await using bed = await GatewayBed.start();
	const headers = { accept: 'text/plain', 'x-cff-region': 'mars', 'x-forwarded-for': '203.0.113.1' };
	const { peer, response } = await asked(bed, { headers });
	const head = await peer.head();
	assert.is(head.requestLine, 'GET /cart?id=7 HTTP/1.1');
	assert.is(head.value('Host'), 'shop.example:8443');
	assert.is(head.value('Accept'), 'text/plain');
	assert.is(head.value('X-CFF-Region'), 'cn-north-4');
	assert.is(head.value('X-Forwarded-For'), '192.0.2.9');
	assert.is(head.value('X-Forwarded-Port'), '8443');
	void peer.reply('x');
	assert.is((await response).headers.get('X-Cff-Request-Id'), head.value('X-CFF-Request-Id'));
});

test('L-1: what speaks of the connection that a Request came by is left out', async () => {
	await using bed = await GatewayBed.start();
	const headers = { te: 'trailers', 'keep-alive': '5', 'proxy-connection': 'close', 'x-kept': 'yes' };
	const { peer } = await asked(bed, { headers });
	const head = await peer.head();
	for (const name of ['TE', 'Keep-Alive', 'Proxy-Connection', 'Upgrade', 'Transfer-Encoding']) {
		assert.is(head.value(name), null, name);
	}
	assert.is(head.value('X-Kept'), 'yes');
});

test('L-2: an answer that comes at once is whole; fields of one name stay apart', async () => {
	await using bed = await GatewayBed.start();
	const { peer, response } = await asked(bed);
	await peer.head();
	void peer.reply('hello', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Content-Type: text/plain');
	const answer = await response;
	assert.is(answer.status, 200);
	assert.is(answer.headers.get('Content-Length'), '5');
	assert.equal(answer.headers.getSetCookie(), ['a=1', 'b=2']);
	assert.is(await answer.text(), 'hello');
	await bed.source.idle();
	assert.equal(bed.source.ends, ['answered']);
});

test('L-2: an answer that pauses is told before it is whole', async () => {
	await using bed = await GatewayBed.start();
	const { peer, response } = await asked(bed);
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
	const answer = await response;
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	assert.is(Buffer.from((await reader.read()).value ?? []).toString(), 'first');
	void peer.send('later');
	assert.is(Buffer.from((await reader.read()).value ?? []).toString(), 'later');
	assert.is((await reader.read()).done, true);
});

test('L-2: answers without a body have none, whatever their head tells', async () => {
	await using bed = await GatewayBed.start();
	const cases = [
		['GET', 'HTTP/1.1 204 No Content\r\n\r\n', null],
		['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', '5'],
		['GET', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n', '0'],
		['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n', '7'],
	] as const;
	let peer: FunctionPeer | null = null;
	for (const [method, text, length] of cases) {
		const response = ask(bed, new Request(URL_OF_IT, { method }));
		peer ??= await bed.function.peer();
		await peer.head();
		void peer.send(text);
		const answer = await response;
		assert.is(answer.body, null, text);
		assert.is(answer.headers.get('Content-Length'), length, text);
	}
});

test('L-3: a failure is answered as the gateway answers it, and HEAD gets its head alone', async () => {
	await using bed = await GatewayBed.start();
	const { peer, response } = await asked(bed);
	await peer.head();
	peer.socket.destroy();
	const answer = await response;
	const body = (await answer.json()) as Record<string, string>;
	assert.is(answer.headers.get('Content-Type')?.startsWith('application/json'), true);
	assert.is(body.request_id, answer.headers.get('X-Cff-Request-Id'));
	assert.is(answer.status >= 500 && answer.headers.get('X-Httpfn-Error')?.startsWith('ERR_'), true);
	const head = await ask(bed, new Request('http://a/%', { method: 'HEAD', headers: { host: 'a b' } }));
	assert.is(head.headers.get('X-Httpfn-Error'), 'ERR_REQUEST_MALFORMED');
	assert.is(head.body, null);
});

test('L-3: limits of requests and responses hold', async () => {
	await using bed = await GatewayBed.start();
	const large = new Request(URL_OF_IT, { method: 'POST', body: new Uint8Array(6_291_457) });
	assert.is(await answerCode(ask(bed, large)), '413 ERR_REQUEST_BODY_TOO_LARGE');
	const long = new Request(`http://a/${'x'.repeat(70_000)}`);
	assert.is(await answerCode(ask(bed, long)), '414 ERR_URI_TOO_LARGE');
	const { peer, response } = await asked(bed);
	await peer.head();
	void peer.send('HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n');
	assert.match(await answerCode(response), /ERR_RESPONSE_/);
});

test('L-4: a body of known length flows; it has to have that length', async () => {
	await using bed = await GatewayBed.start();
	const body = upload();
	const { peer, response } = await asked(bed, body.init({ 'content-length': '10' }));
	assert.is((await peer.head()).value('Content-Length'), '10');
	void body.send('first');
	assert.is((await peer.takeBytes(5)).toString(), 'first');
	void body.send('later');
	void body.end();
	assert.is((await peer.takeBytes(5)).toString(), 'later');
	void peer.reply('ok');
	assert.is(await (await response).text(), 'ok');
	for (const text of ['short', 'much too long']) {
		const wrong = upload();
		const refused = ask(bed, new Request(URL_OF_IT, wrong.init({ 'content-length': '10' })));
		void wrong.send(text);
		void wrong.end().catch(() => {});
		assert.is(await answerCode(refused), '400 ERR_REQUEST_MALFORMED', text);
	}
});

test('L-4: a body of unknown length is held until it is whole, and sent with its length', async () => {
	await using bed = await GatewayBed.start();
	const body = upload();
	const response = ask(bed, new Request(URL_OF_IT, body.init({})));
	await body.send('first ');
	assert.is(bed.function.connections, 0);
	void body.send('later');
	void body.end();
	const peer = await bed.function.peer();
	assert.is((await peer.head()).value('Content-Length'), '11');
	assert.is((await peer.takeBytes(11)).toString(), 'first later');
	void peer.reply('ok');
	assert.is((await response).status, 200);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('L-4: a body that its maker can not deliver rejects with the reason, and frees the place', async () => {
	await using bed = await GatewayBed.start();
	const body = upload();
	const { peer, response } = await asked(bed, body.init({ 'content-length': '10' }));
	await peer.head();
	void body.fail(new Error('the line is cut'));
	const reason = await response.then(() => '', String);
	assert.match(reason, /cut/);
	await bed.source.idle();
	assert.equal(bed.source.ends, ['abandoned']);
});

test('L-5: a reader that pauses stops the function from writing, and then gets all of it', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { peer, response } = await asked(bed);
	await peer.head();
	const size = 40_000_000;
	await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
	void peer.send(Buffer.alloc(size, 's'));
	const reader = ((await response).body as ReadableStream<Uint8Array>).getReader();
	// Others are served meanwhile: time enough for anything that is not held up.
	for (let round = 0; round < 4; round++) {
		const other = await asked(bed);
		void other.peer.reply(Buffer.alloc(3_000_000, 'o'), 'Connection: close');
		assert.is((await (await other.response).arrayBuffer()).byteLength, 3_000_000);
	}
	assert.ok(peer.socket.writableLength > 0);
	let bytes = 0;
	for (let piece = await reader.read(); !piece.done; piece = await reader.read()) bytes += piece.value.length;
	assert.is(bytes, size);
});

test('L-5: a function that does not read stops the body of a request', async () => {
	await using bed = await GatewayBed.start();
	let pulled = 0;
	const body = new ReadableStream<Uint8Array>({
		pull(controller) {
			pulled += 65_536;
			if (pulled > 6_000_000) controller.close();
			else controller.enqueue(new Uint8Array(65_536));
		},
	});
	const length = Math.floor(6_000_000 / 65_536) * 65_536;
	const init = { method: 'POST', body, duplex: 'half', headers: { 'content-length': `${length}` } } as const;
	bed.source.sleep();
	const response = ask(bed, new Request(URL_OF_IT, init));
	await bed.source.asked;
	for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
	assert.ok(pulled < 1_000_000, `${pulled} bytes were read while there was no instance`);
	bed.source.start();
	const peer = await bed.function.peer();
	await peer.head();
	await peer.takeBytes(length);
	void peer.reply('ok');
	assert.is(await (await response).text(), 'ok');
});

test.run();
