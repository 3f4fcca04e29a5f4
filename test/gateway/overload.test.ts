/** The bounds that all clients share. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBlock } from '../../src/base/address-block.ts';
import { FunctionTarget } from '../../src/gateway/function-target.ts';
import { FakeFunction } from '../harness/fake-function.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { type RawAnswer, RawClient } from '../harness/raw-client.ts';
import { StubSource } from '../harness/stub-source.ts';

const test = suite('overload');

test('H-111: a connection beyond the cap gets 503 and is closed, the others go on', async () => {
	await using bed = await GatewayBed.start({ limits: { connectionsMax: 1 } });
	const { client, peer } = await bed.asked();
	const second = await bed.client();
	const answer = await second.answer();
	assert.is(answer.status, 503);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_OVERLOADED');
	assert.is(answer.value('Connection'), 'close');
	await second.ended;
	await peer.reply('x');
	assert.is((await client.answer()).text, 'x');
});

test('H-111: beyond twice the cap nothing is answered any more', async () => {
	await using bed = await GatewayBed.start({ limits: { connectionsMax: 1 } });
	const first = await bed.asked();
	const second = await bed.client();
	await second.answer();
	// The reset may come before the client has noticed that it was connected.
	const third = await RawClient.connect(bed.port).then(
		(client) => client.closed,
		() => 'reset',
	);
	assert.is(third, 'reset');
	await first.peer.reply('x');
	assert.is((await first.client.answer()).text, 'x');
});

test('H-111: a place under the cap is free again when its connection is gone', async () => {
	await using bed = await GatewayBed.start({ limits: { connectionsMax: 1 } });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: close');
	await peer.reply('x', 'Connection: close');
	await client.answer();
	client.end();
	await client.closed;
	void bed.function.peer().then((next) => next.reply('y'));
	let answer: RawAnswer;
	do {
		// The gateway may learn of the end a moment after the client.
		const next = await bed.client();
		next.ask('GET / HTTP/1.1', 'Connection: close');
		answer = await next.answer();
		next.end();
		await next.closed;
	} while (answer.status === 503);
	assert.is(answer.text, 'y');
});

test('H-112: responses of unknown length that together pass the budget are refused with 503', async () => {
	await using bed = await GatewayBed.start({ limits: { heldBytesMax: 100_000 } });
	const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
	const first = await bed.asked();
	await first.peer.send(`${head}11170\r\n`);
	await first.peer.send(Buffer.alloc(70_000));
	const second = await bed.asked();
	await second.peer.send(`${head}11170\r\n`);
	await second.peer.send(Buffer.alloc(70_000));
	const answers = [first.client.answer(), second.client.answer()];
	const refused = await Promise.race(answers);
	assert.is(refused.status, 503);
	assert.is(refused.value('X-Httpfn-Error'), 'ERR_OVERLOADED');
	await first.peer.send('\r\n0\r\n\r\n').catch(() => {});
	await second.peer.send('\r\n0\r\n\r\n').catch(() => {});
	const statuses = (await Promise.all(answers)).map((answer) => answer.status).sort();
	assert.equal(statuses, [200, 503]);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-112: chunked requests that together pass the budget are refused with 503', async () => {
	await using bed = await GatewayBed.start({ limits: { heldBytesMax: 100_000 } });
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked');
	void client.send('186a1\r\n');
	void client.send(Buffer.alloc(100_001));
	const answer = await client.answer();
	assert.is(answer.status, 503);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_OVERLOADED');
	assert.is(bed.function.connections, 0);
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-112: a client that is reset in the middle of a chunked request gives its share back', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Expect: 100-continue');
	await client.answer();
	await client.send('186a0\r\n');
	await client.send(Buffer.alloc(50_000));
	const other = await bed.asked();
	await other.peer.reply('x');
	await other.client.answer();
	const gone = bed.gateway.drain(60_000, bed.giveUp);
	client.reset();
	await gone;
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('G-54: one address has so many connections, and others still find room; those of this host are not counted', async () => {
	await using bed = await GatewayBed.start({
		limits: { connectionsPerAddressMax: 1 },
		proxyProtocol: [parseBlock('127.0.0.1')].filter((block) => block !== null),
	});
	const from = async (address: string): Promise<RawClient> => {
		const client = await bed.client();
		await client.send(`PROXY TCP4 ${address} 192.0.2.9 1 2\r\n`);
		return client;
	};
	const first = await from('192.0.2.1');
	first.ask('GET / HTTP/1.1');
	const peer = await bed.function.peer();
	assert.is((await (await from('192.0.2.1')).answer()).value('X-Httpfn-Error'), 'ERR_OVERLOADED');
	const other = await from('192.0.2.2');
	other.ask('GET / HTTP/1.1');
	const second = await bed.function.peer();
	for (const one of [peer, second]) await one.reply('x', 'Connection: close');
	assert.is((await first.answer()).text, 'x');
	assert.is((await other.answer()).text, 'x');
	for (const text of ['a', 'b']) {
		const local = await from('127.0.0.1');
		local.ask('GET / HTTP/1.1', 'Connection: close');
		await (await bed.function.peer()).reply(text, 'Connection: close');
		assert.is((await local.answer()).text, text);
	}
});

test('G-54: a place of an address is free again when its connection is gone', async () => {
	await using bed = await GatewayBed.start({
		limits: { connectionsPerAddressMax: 1 },
		proxyProtocol: [parseBlock('127.0.0.1')].filter((block) => block !== null),
	});
	for (const text of ['a', 'b', 'c']) {
		let answer: RawAnswer;
		void bed.function.peer().then((peer) => peer.reply(text, 'Connection: close'));
		do {
			// The gateway may learn of the end a moment after the client.
			const client = await bed.client();
			await client.send('PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\n');
			client.ask('GET / HTTP/1.1', 'Connection: close');
			answer = await client.answer();
			client.end();
			await client.closed;
		} while (answer.status === 503);
		assert.is(answer.text, text);
	}
});

test('G-52: bodies held for one function leave room for those of another', async () => {
	await using bed = await GatewayBed.start({ limits: { heldBytesMax: 100_000 } });
	await using second = await FakeFunction.listen();
	const source = new StubSource(second.port);
	const other = new FunctionTarget({ settings: bed.target.settings, source, log: bed.log });
	bed.gateway.reroute({ find: ({ target }) => (target === '/other' ? other : bed.target).find() });
	const upload = async (target: string, bytes: number) => {
		const client = await bed.client();
		client.ask(`POST ${target} HTTP/1.1`, 'Transfer-Encoding: chunked');
		await client.send(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
		return client;
	};
	// Whoever is alone may have all of it; from the second on nobody has.
	await (await upload('/other', 1)).send('0\r\n\r\n');
	const small = await second.peer();
	await small.head();
	await small.reply('', 'Connection: close');
	await upload('/', 70_000);
	const greedy = await upload('/', 25_000);
	assert.is((await greedy.answer()).value('X-Httpfn-Error'), 'ERR_OVERLOADED');
	const modest = await upload('/other', 10_000);
	await modest.send('0\r\n\r\n');
	const peer = await second.peer();
	await peer.head();
	await peer.reply('held');
	assert.is((await modest.answer()).text, 'held');
	source.instance.end();
});

test.run();
