/** WebSocket upgrades, and those that are none. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReceivedHead } from '../harness/fake-function.ts';
import { type Asked, type BedOptions, GatewayBed } from '../harness/gateway-bed.ts';
import type { RawAnswer } from '../harness/raw-client.ts';

const test = suite('tunnel');
const UPGRADE = ['Connection: keep-alive, Upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Key: x'];
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

interface Tunnelled extends Asked, AsyncDisposable {
	readonly bed: GatewayBed;
	readonly head: ReceivedHead;
	readonly answer: RawAnswer;
}

async function tunnelled(options: BedOptions = {}): Promise<Tunnelled> {
	const bed = await GatewayBed.start(options);
	const { client, peer } = await bed.asked('GET /chat HTTP/1.1', ...UPGRADE);
	const head = await peer.head();
	await peer.send(`${SWITCH}Sec-WebSocket-Accept: y\r\n\r\n`);
	const answer = await client.answer();
	return { bed, client, peer, head, answer, [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose]() };
}

test('H-97: a WebSocket upgrade reaches the function, and its 101 the client', async () => {
	await using tunnel = await tunnelled();
	const { head, answer } = tunnel;
	assert.is(head.value('Connection'), 'Upgrade');
	assert.is(head.value('Upgrade'), 'websocket');
	assert.is(head.value('Sec-WebSocket-Key'), 'x');
	assert.is(answer.statusLine, 'HTTP/1.1 101 Switching Protocols');
	assert.is(answer.value('Connection'), 'Upgrade');
	assert.is(answer.value('Upgrade'), 'websocket');
	assert.is(answer.value('Sec-WebSocket-Accept'), 'y');
	assert.is(answer.value('X-Cff-Request-Id'), head.value('X-CFF-Request-Id'));
});

test('H-97: after it bytes flow both ways, and the request counts as in flight', async () => {
	await using tunnel = await tunnelled();
	const { bed, client, peer } = tunnel;
	for (const text of ['\x81\x05hello', 'GET / HTTP/1.1\r\n\r\n', '\0\xff'.repeat(100_000)]) {
		void client.send(text);
		assert.is((await peer.takeBytes(text.length)).toString('latin1'), text);
		void peer.send(text);
		assert.is((await client.takeBytes(text.length)).toString('latin1'), text);
	}
	assert.is(bed.source.inFlight.length, 1);
});

test('H-98: what a client sends before the 101, and a function right after it, is not lost', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	void client.send(`GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE.join('\r\n')}\r\n\r\nearly`);
	const peer = await bed.function.peer();
	await peer.head();
	assert.is(peer.bytesWaiting, 0);
	void peer.send(`${SWITCH}\r\nright after`);
	assert.is((await client.answer()).status, 101);
	assert.is((await client.takeBytes(11)).toString(), 'right after');
	assert.is((await peer.takeBytes(5)).toString(), 'early');
	void client.send(' later');
	assert.is((await peer.takeBytes(6)).toString(), ' later');
});

test('H-99: a half-close of the client is passed on, and the function may still speak', async () => {
	await using tunnel = await tunnelled();
	const { bed, client, peer } = tunnel;
	void client.send('last words');
	client.end();
	assert.is((await peer.takeRest()).toString(), 'last words');
	const body = Buffer.alloc(3_000_000, 'f');
	client.pause();
	void peer.send(body);
	peer.end();
	client.resume();
	assert.ok((await client.takeRest()).equals(body));
	assert.is(await client.closed, 'closed');
	await bed.source.idle();
});

test('H-99: a half-close of the function is passed on, and the client may still speak', async () => {
	await using tunnel = await tunnelled();
	const { bed, client, peer } = tunnel;
	void peer.send('bye');
	peer.end();
	assert.is((await client.takeRest()).toString(), 'bye');
	void client.send('thanks');
	client.end();
	assert.is((await peer.takeRest()).toString(), 'thanks');
	await bed.source.idle();
});

test('H-99: when one side is reset the other is closed and the slot is free', async () => {
	for (const side of ['client', 'peer'] as const) {
		await using tunnel = await tunnelled();
		const { bed, client, peer } = tunnel;
		const other = side === 'client' ? peer : client;
		(side === 'client' ? client : peer).reset();
		await Promise.race([other.ended, other.closed]);
		await bed.source.idle();
	}
});

test('H-100: the function timeout ends a tunnel on both sides', async () => {
	await using tunnel = await tunnelled({ timeoutSeconds: 0.08 });
	const { bed, client, peer } = tunnel;
	await Promise.race([client.ended, client.closed]);
	await Promise.race([peer.ended, peer.closed]);
	await bed.source.idle();
});

test('H-101: a function that refuses the upgrade answers as always, and the connection goes on', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.1', ...UPGRADE);
	await peer.head();
	await peer.send('HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno');
	const answer = await client.answer();
	assert.is(answer.status, 426);
	assert.is(answer.text, 'no');
	client.ask('GET /2 HTTP/1.1');
	await peer.head();
	await peer.reply('plain');
	assert.is((await client.answer()).text, 'plain');
});

test('H-102: upgrades to anything else are not forwarded, and the request is answered as plain HTTP', async () => {
	for (const lines of [
		['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
		['Connection: Upgrade', 'Upgrade: websocket, h2c'],
		['Upgrade: websocket'],
		['Connection: Upgrade'],
	]) {
		await using bed = await GatewayBed.start();
		const { client, peer } = await bed.asked('GET / HTTP/1.1', ...lines);
		const head = await peer.head();
		assert.is(head.value('Upgrade'), null, lines.join());
		assert.is(head.value('Connection'), null, lines.join());
		assert.is(head.value('HTTP2-Settings'), null);
		await peer.reply('plain');
		assert.is((await client.answer()).text, 'plain');
	}
});

test('H-102: a request with a body, or in HTTP/1.0, is not upgraded', async () => {
	await using bed = await GatewayBed.start();
	const withBody = await bed.asked('POST / HTTP/1.1', ...UPGRADE, 'Content-Length: 4');
	await withBody.client.send('body');
	assert.is((await withBody.peer.head()).value('Upgrade'), null);
	const old = await bed.asked('GET / HTTP/1.0', ...UPGRADE);
	assert.is((await old.peer.head()).value('Upgrade'), null);
});

test('H-103: a switch to another protocol than the one asked for gets the client 502', async () => {
	for (const lines of ['Upgrade: h2c\r\nConnection: Upgrade\r\n', 'Upgrade: websocket\r\n', '']) {
		await using bed = await GatewayBed.start();
		const { client, peer } = await bed.asked('GET / HTTP/1.1', ...UPGRADE);
		await peer.send(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\nraw bytes`);
		const answer = await client.answer();
		assert.is(answer.status, 502, lines);
		assert.is(answer.value('X-Httpfn-Error'), 'ERR_RESPONSE_MALFORMED');
		await Promise.race([peer.ended, peer.closed]);
	}
});

test('H-104: a side that does not read stops the other from writing, and nothing is lost', async () => {
	await using tunnel = await tunnelled();
	const { bed, client, peer } = tunnel;
	const body = Buffer.alloc(60_000_000, 't');
	client.pause();
	void peer.send(body);
	for (let round = 0; round < 4; round++) {
		const other = await bed.asked('GET /other HTTP/1.1');
		void other.peer.reply(Buffer.alloc(5_000_000), 'Connection: close');
		await other.client.answer();
	}
	assert.ok(peer.socket.writableLength > 0);
	peer.end();
	client.resume();
	assert.is((await client.takeRest()).length, body.length);
});

test.run();
