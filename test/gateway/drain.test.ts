/** Stopping: what is idle closes, what is in flight ends, what takes too long is cut. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { RawClient } from '../harness/raw-client.ts';

const test = suite('drain');

test('H-113: draining closes idle connections and accepts no more', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await peer.reply('x');
	await client.answer();
	const fresh = await bed.client();
	fresh.ask('GET / HTTP/1.1');
	await peer.head();
	await peer.reply('y');
	await fresh.answer();
	await bed.gateway.drain(60_000, bed.giveUp);
	await Promise.race([client.ended, client.closed]);
	await Promise.race([fresh.ended, fresh.closed]);
	const refused = await RawClient.connect(bed.port).then(
		() => 'accepted',
		() => 'refused',
	);
	assert.is(refused, 'refused');
});

test('H-114: a request in flight is answered with Connection: close, and draining waits for it', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	const drained = bed.gateway.drain(60_000, bed.giveUp);
	await peer.reply('the last');
	const answer = await client.answer();
	assert.is(answer.text, 'the last');
	assert.is(answer.value('Connection'), 'close');
	await client.ended;
	client.end();
	await drained;
	assert.equal(bed.source.inFlight, []);
});

test('H-115: what takes longer than the grace is cut', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	await bed.gateway.drain(30, bed.giveUp);
	assert.is(await client.closed, 'reset');
	await Promise.race([peer.ended, peer.closed]);
	await bed.source.idle();
});

test('H-146: who still waits when the grace is over is told so before the connection is closed', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	const drained = bed.gateway.drain(30, async () => {
		bed.source.failStart(new RuntimeError('ERR_DRAINING', 'the function was stopped'));
	});
	const answer = await client.answer();
	assert.is(answer.status, 503);
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_DRAINING');
	assert.is(answer.value('Connection'), 'close');
	client.end();
	await drained;
});

test('H-115: a tunnel is cut after the grace too', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket');
	await peer.send('HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
	assert.is((await client.answer()).status, 101);
	await bed.gateway.drain(30, bed.giveUp);
	assert.is(await client.closed, 'reset');
	await bed.source.idle();
});

test('H-116: draining twice is harmless, and a shorter grace overtakes a longer one', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	const patient = bed.gateway.drain(60_000, bed.giveUp);
	await Promise.all([bed.gateway.drain(30, bed.giveUp), bed.gateway.drain(30, bed.giveUp)]);
	assert.is(await client.closed, 'reset');
	await patient;
	await bed.gateway.drain(60_000, bed.giveUp);
});

test('H-142: a request that begins after the stop is refused with 503', async () => {
	await using bed = await GatewayBed.start();
	const early = await bed.client();
	void early.send('GET /late HTTP/1.1\r\n');
	const { client, peer } = await bed.asked();
	await peer.head();
	const drained = bed.gateway.drain(60_000, bed.giveUp);
	void early.send('Host: a\r\n\r\n');
	const refused = await early.answer();
	assert.is(refused.status, 503);
	assert.is(refused.value('X-Httpfn-Error'), 'ERR_DRAINING');
	assert.is(refused.value('Connection'), 'close');
	assert.is(refused.value('Retry-After'), '1');
	await early.ended;
	early.end();
	await peer.reply('the last');
	assert.is((await client.answer()).text, 'the last');
	client.end();
	await drained;
	assert.is(bed.source.entered, 1);
});

test('H-142: a request that waits for an instance when the stop comes is served', async () => {
	await using bed = await GatewayBed.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	const drained = bed.gateway.drain(60_000, bed.giveUp);
	bed.source.start();
	await (await bed.function.peer()).reply('served');
	const answer = await client.answer();
	assert.is(answer.text, 'served');
	assert.is(answer.value('Connection'), 'close');
	client.end();
	await drained;
});

test('H-117: a place that is taken is told by its code', async () => {
	await using bed = await GatewayBed.start();
	const error = await bed.gateway
		.listen({ at: { kind: 'tcp', host: '127.0.0.1', port: bed.port }, secure: false })
		.then(
			() => null,
			(failure: unknown) => failure,
		);
	assert.ok(error instanceof RuntimeError);
	assert.is(error.code, 'ERR_LISTEN_FAILED');
});

test.run();
