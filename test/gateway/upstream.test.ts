/** Connections to the function: when one is used again, and when a request is sent twice (never). */
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connect } from '../../src/engine/sockets.ts';
import { FakeFunction, type FunctionPeer } from '../harness/fake-function.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('upstream');

/** One request after `first` on the same client: the connection of the function that got it. */
async function secondPeer(first: (peer: FunctionPeer) => Promise<void>): Promise<'same' | 'another'> {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await first(peer);
	await client.answer();
	client.ask('GET /2 HTTP/1.1');
	const same = peer.head().then(
		() => 'same' as const,
		() => bed.function.peer().then(() => 'another' as const),
	);
	return await Promise.race([same, bed.function.peer().then(() => 'another' as const)]);
}

test('H-105: a connection to the function carries one request after another', async () => {
	assert.is(await secondPeer((peer) => peer.reply('x')), 'same');
	assert.is(await secondPeer((peer) => peer.reply('x', 'Keep-Alive: timeout=5')), 'same');
	assert.is(await secondPeer((peer) => peer.send('HTTP/1.1 204 No Content\r\n\r\n')), 'same');
});

test('H-106: a connection is not used again where the function does not promise to keep it', async () => {
	assert.is(await secondPeer((peer) => peer.reply('x', 'Connection: close')), 'another');
	assert.is(await secondPeer((peer) => peer.reply('x', 'Keep-Alive: timeout=1')), 'another');
	assert.is(await secondPeer((peer) => peer.reply('x', 'Keep-Alive: max=9, timeout=0')), 'another');
	assert.is(
		await secondPeer((peer) => peer.send('HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx')),
		'another',
	);
});

test('H-106: a connection that the function closes while it is idle is not used again', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('x');
	await client.answer();
	peer.end();
	await Promise.race([peer.ended, peer.closed]);
	client.ask('GET /2 HTTP/1.1');
	const next = await bed.function.peer();
	await next.head();
	await next.reply('y');
	assert.is((await client.answer()).text, 'y');
	assert.is(bed.source.instance.losses, 0);
});

test('H-106: an idle connection is closed when the promise of the function runs out', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('x');
	await client.answer();
	await Promise.race([peer.ended, peer.closed]);
	assert.is(client.bytesWaiting, 0);
});

test('H-120: a function that serves one connection at a time is not kept waiting by an idle one', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	const other = await bed.asked('GET /2 HTTP/1.1');
	await peer.reply('x', 'Keep-Alive: timeout=60');
	await client.answer();
	// Only when the first connection has ended does such a function look at the second.
	await Promise.race([peer.ended, peer.closed]);
	await other.peer.head();
	await other.peer.reply('y');
	assert.is((await other.client.answer()).text, 'y');
});

test('H-107: a request whose connection dies after it was written is not sent again', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('x');
	await client.answer();
	client.ask('GET /once HTTP/1.1');
	assert.is((await peer.head()).requestLine, 'GET /once HTTP/1.1');
	peer.reset();
	assert.is((await client.answer()).value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
	assert.is(bed.function.connections, 1);
	assert.is(bed.source.entered, 2);
});

test('H-108: a request that nothing of was written waits for the next instance, once', async () => {
	const port = await freePort();
	await using bed = await GatewayBed.start({ upstreamPort: port });
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	const answer = await client.answer();
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
	assert.is(bed.source.instance.losses, 2);
	assert.is(bed.source.entered, 2);
	assert.equal(bed.source.ends, ['abandoned', 'abandoned']);
	assert.equal(bed.source.inFlight, []);
});

test('H-108: the second try goes to the instance that was started meanwhile', async () => {
	const port = await freePort();
	await using bed = await GatewayBed.start({ upstreamPort: port });
	bed.source.instance.onLoss = () => bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	while (bed.source.ready) await new Promise((resolve) => setImmediate(resolve));
	await bed.source.asked;
	const server = net.createServer({ allowHalfOpen: true });
	await using late = new FakeFunction(server);
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	assert.equal(bed.source.inFlight, []);
	bed.source.instance = bed.source.newInstance();
	bed.source.start();
	const peer = await late.peer();
	await peer.head();
	await peer.reply('second try');
	assert.is((await client.answer()).text, 'second try');
	assert.equal(bed.source.inFlight, []);
});

test('H-108: a client that leaves before the second try takes its request with it', async () => {
	const port = await freePort();
	await using bed = await GatewayBed.start({ upstreamPort: port });
	const asked = Promise.withResolvers<void>();
	const told = Promise.withResolvers<void>();
	bed.source.instance.onLoss = () => {
		asked.resolve();
		return told.promise;
	};
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await asked.promise;
	client.reset();
	await bed.source.idle();
	bed.source.sleep();
	told.resolve();
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(bed.source.waiting, 0);
	assert.is(bed.source.entered, 1);
	assert.equal(bed.source.inFlight, []);
});

test('H-109: the connection that proved readiness carries the first request', async () => {
	await using bed = await GatewayBed.start();
	const handler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };
	await new Promise<void>((resolve) => {
		bed.source.instance.probe = connect('127.0.0.1', bed.function.port, handler, resolve);
	});
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('first');
	assert.is((await client.answer()).text, 'first');
	assert.is(bed.function.connections, 1);
});

test('H-110: a function that closes in the middle of an upload, answered or not, is not waited for', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', 'Content-Length: 1000000');
	await peer.head();
	await client.send('some');
	await peer.takeBytes(4);
	peer.reset();
	const answer = await client.answer();
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
	assert.is(answer.value('Connection'), 'close');
	await client.ended;
});

async function freePort(): Promise<number> {
	const free = await FakeFunction.listen();
	const { port } = free;
	await free[Symbol.asyncDispose]();
	return port;
}

test.run();
