/** Places on instances: one for each request, given back once, whatever becomes of the request. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClientConnection } from '../../src/gateway/client-connection.ts';
import type { LeaseEnd } from '../../src/pool/instance-source.ts';
import { FakeConnection } from '../harness/fake-connection.ts';
import { FakeFunction } from '../harness/fake-function.ts';
import { type Asked, type BedOptions, GatewayBed } from '../harness/gateway-bed.ts';
import { queueIsFull } from '../harness/stub-source.ts';
import { leaveWhileWaiting } from './leave-while-waiting.ts';

const test = suite('lease');
const UPGRADE = ['GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket'] as const;
const SWITCH = 'HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** How one request left its place; a second release would have thrown. */
async function endOf(
	request: readonly [string, ...string[]],
	act: (asked: Asked) => Promise<unknown>,
	options: BedOptions = {},
): Promise<readonly LeaseEnd[]> {
	await using bed = await GatewayBed.start(options);
	const asked = await bed.asked(...request);
	await asked.peer.head();
	assert.is(bed.source.inFlight.length, 1);
	await act(asked);
	await bed.source.idle();
	asked.client.reset();
	await bed.gateway.drain(0, bed.giveUp);
	assert.is(bed.source.entered, 1);
	return bed.source.ends;
}

const GET = ['GET / HTTP/1.1'] as const;
const POST = ['POST / HTTP/1.1', 'Content-Length: 10'] as const;

test('H-130: an answer gives the place back, whatever it says', async () => {
	const answered = ['answered'];
	assert.equal(await endOf(GET, ({ peer }) => peer.reply('x')), answered);
	assert.equal(
		await endOf(GET, ({ peer }) => peer.send('HTTP/1.1 500 No\r\n\r\n').then(() => peer.end())),
		answered,
	);
	assert.equal(await endOf(GET, ({ peer }) => peer.send('HTTP/1.1 204 No Content\r\n\r\n')), answered);
	assert.equal(await endOf(GET, ({ peer }) => peer.send(`${CHUNKED}1\r\nx\r\n0\r\n\r\n`)), answered);
	assert.equal(await endOf(POST, ({ peer }) => peer.reply('early')), answered);
});

test('H-130: so does an answer that is refused', async () => {
	const answered = ['answered'];
	assert.equal(await endOf(GET, ({ peer }) => peer.send('ICY 200 OK\r\n\r\n')), answered);
	assert.equal(await endOf(GET, ({ peer }) => peer.send(SWITCH)), answered);
	assert.equal(
		await endOf(GET, ({ peer }) => peer.send('HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n')),
		answered,
	);
	const tooLong = async ({ client, peer }: Asked) => {
		void peer.send(`${CHUNKED}600001\r\n`);
		void peer.send(Buffer.alloc(0x60_0001)).catch(() => {});
		await client.answer();
	};
	assert.equal(await endOf(GET, tooLong), answered);
});

test('H-130: a request that is given up gives the place back', async () => {
	const abandoned = ['abandoned'];
	const leave = async ({ client }: Asked) => client.reset();
	assert.equal(await endOf(GET, leave), abandoned);
	assert.equal(await endOf(POST, leave), abandoned);
	const leaveInAnswer = async ({ client, peer }: Asked) => {
		await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
		await client.takeThrough('half');
		client.reset();
	};
	assert.equal(await endOf(GET, leaveInAnswer), abandoned);
	const leaveWhileHeld = async ({ client, peer }: Asked) => {
		await peer.send(`${CHUNKED}5\r\nhe`);
		client.reset();
	};
	assert.equal(await endOf(GET, leaveWhileHeld), abandoned);
	const noRoom = ({ peer }: Asked) => peer.send(`${CHUNKED}5\r\nhello\r\n`);
	assert.equal(await endOf(GET, noRoom, { limits: { heldBytesMax: 4 } }), abandoned);
	const slowBody = ({ client }: Asked) => client.answer();
	assert.equal(await endOf(POST, slowBody, { limits: { stallTimeoutMs: 20 } }), abandoned);
	assert.equal(await endOf(GET, async ({ peer }) => peer.reset()), abandoned);
});

test('H-131: a function timeout is told as such, before the answer and in it', async () => {
	const options = { timeoutSeconds: 0.03 };
	assert.equal(await endOf(GET, ({ client }) => client.answer(), options), ['timeout']);
	const stuck = async ({ client, peer }: Asked) => {
		await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
		await client.closed;
	};
	assert.equal(await endOf(GET, stuck, options), ['timeout']);
});

test('H-131: a tunnel counts as answered, however it ends', async () => {
	const open = async ({ client, peer }: Asked) => {
		await peer.send(SWITCH);
		assert.is((await client.answer()).status, 101);
	};
	assert.equal(await endOf(UPGRADE, (asked) => open(asked).then(() => asked.client.reset())), ['answered']);
	assert.equal(await endOf(UPGRADE, (asked) => open(asked).then(() => asked.peer.reset())), ['answered']);
	const orderly = async (asked: Asked) => {
		await open(asked);
		asked.client.end();
		await asked.peer.ended;
		asked.peer.end();
	};
	assert.equal(await endOf(UPGRADE, orderly), ['answered']);
	const timeout = (asked: Asked) => open(asked).then(() => asked.client.ended);
	assert.equal(await endOf(UPGRADE, timeout, { timeoutSeconds: 0.05 }), ['answered']);
});

test('H-130: a lost connection keeps the place until its cause is known', async () => {
	await using bed = await GatewayBed.start();
	const { promise: known, resolve: tell } = Promise.withResolvers<void>();
	const asked = Promise.withResolvers<void>();
	bed.source.instance.onLoss = () => {
		asked.resolve();
		return known;
	};
	const { client, peer } = await bed.asked();
	await peer.head();
	peer.reset();
	await asked.promise;
	assert.is(bed.source.inFlight.length, 1);
	tell();
	assert.is((await client.answer()).value('X-Httpfn-Error'), 'ERR_FUNCTION_EXITED');
	assert.equal(bed.source.ends, ['abandoned']);
});

test('H-132: a client that leaves while it waits gives its turn up, and nothing is sent', async () => {
	await using bed = await GatewayBed.start();
	await leaveWhileWaiting(bed);
	assert.is(bed.source.waiting, 0);
	assert.is(bed.source.cancelled, 1);
	assert.is(bed.source.instance.connections, 0);
});

test('H-132: a place that comes in the moment its client leaves is not used', async () => {
	await using bed = await GatewayBed.start();
	const connection = new FakeConnection();
	connection.handler = new ClientConnection(bed.gateway.context, connection, 80, { gone() {}, http2() {} });
	bed.source.sleep();
	connection.handler.onData(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
	assert.is(bed.source.waiting, 1);
	bed.source.start();
	connection.handler.onClose(null);
	await bed.source.idle();
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(bed.source.cancelled, 1);
	assert.equal(bed.source.ends, ['abandoned']);
	assert.is(bed.source.instance.connections, 0);
});

test('H-133: a connection is used again for its own instance only', async () => {
	await using bed = await GatewayBed.start();
	await using second = await FakeFunction.listen();
	const one = bed.source.instance;
	const two = bed.source.newInstance(second.port);
	const client = await bed.client();
	client.ask('GET /1 HTTP/1.1');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('one', 'Keep-Alive: timeout=60');
	assert.is((await client.answer()).text, 'one');
	bed.source.instance = two;
	client.ask('GET /2 HTTP/1.1');
	const other = await second.peer();
	await other.head();
	await other.reply('two', 'Keep-Alive: timeout=60');
	assert.is((await client.answer()).text, 'two');
	bed.source.instance = one;
	client.ask('GET /3 HTTP/1.1');
	assert.is((await peer.head()).requestLine, 'GET /3 HTTP/1.1');
	await peer.reply('three');
	assert.is((await client.answer()).text, 'three');
	assert.is(one.connections, 1);
	assert.is(two.connections, 1);
});

test('H-133: an instance that is certain to end has its idle connections closed, others go on', async () => {
	await using bed = await GatewayBed.start();
	const ending = bed.source.instance;
	const busy = await bed.asked('GET /busy HTTP/1.1');
	await busy.peer.head();
	const { client, peer } = await bed.asked('GET /idle HTTP/1.1');
	await peer.head();
	await peer.reply('x', 'Keep-Alive: timeout=60');
	await client.answer();
	assert.is(bed.target.instanceCount, 1);
	ending.end();
	await Promise.race([peer.ended, peer.closed]);
	assert.is(bed.target.instanceCount, 0);
	bed.source.instance = bed.source.newInstance();
	client.ask('GET /next HTTP/1.1');
	const next = await bed.function.peer();
	await next.head();
	await next.reply('next');
	assert.is((await client.answer()).text, 'next');
	await busy.peer.reply('the last', 'Keep-Alive: timeout=60');
	assert.is((await busy.client.answer()).text, 'the last');
	await Promise.race([busy.peer.ended, busy.peer.closed]);
	assert.is(ending.losses, 0);
});

test('H-134: a wait that is refused gets the client 429 and the advice to come back', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	bed.source.failStart(queueIsFull());
	const answer = await client.answer();
	assert.is(answer.status, 429);
	assert.is(answer.statusLine, 'HTTP/1.1 429 Too Many Requests');
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_TOO_MANY_REQUESTS');
	assert.is(answer.value('Retry-After'), '1');
	assert.equal(bed.source.ends, []);
	bed.source.start();
	bed.source.ready = true;
	client.ask('GET /again HTTP/1.1');
	const peer = await bed.function.peer();
	await peer.head();
	await peer.reply('now');
	assert.is((await client.answer()).text, 'now');
});

test('H-134: only what passes by itself has the advice to come back', async () => {
	await using bed = await GatewayBed.start({ limits: { connectionsMax: 1 } });
	const { client, peer } = await bed.asked();
	await peer.head();
	const second = await bed.client();
	assert.is((await second.answer()).value('Retry-After'), '1');
	peer.reset();
	assert.is((await client.answer()).value('Retry-After'), null);
});

test.run();
