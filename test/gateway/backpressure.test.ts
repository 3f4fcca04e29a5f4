/** Backpressure through real sockets: a slow side stops the other, and nothing is lost. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionPeer } from '../harness/fake-function.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('backpressure');
const MAX = 6_291_456;

/** A few answers of five megabytes each to other clients: time enough for anything that is not held up. */
async function serveOthers(bed: GatewayBed): Promise<void> {
	const body = Buffer.alloc(5_000_000, 'o');
	for (let round = 0; round < 4; round++) {
		const { client, peer } = await bed.asked('GET /other HTTP/1.1');
		void peer.reply(body, 'Connection: close');
		assert.is((await client.answer()).body.length, body.length);
	}
}

test('H-95: a client that does not read a stream stops the function from writing, and then gets all of it', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', 'Connection: close');
	await peer.head();
	client.pause();
	const body = Buffer.alloc(100_000_000, 's');
	await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
	void peer.send(body);
	await serveOthers(bed);
	assert.ok(peer.socket.writableLength > 0);
	let bytes = 0;
	client.socket.on('data', (slice: Buffer) => {
		bytes += slice.length;
	});
	client.resume();
	await client.ended;
	assert.ok(bytes > body.length && bytes < body.length + 2000, `${bytes}`);
});

test('H-95: a response that ends with its connection arrives whole at a client that reads late', async () => {
	await using bed = await GatewayBed.start({ streamResponse: true });
	const { client, peer } = await bed.asked('GET / HTTP/1.0');
	await peer.head();
	client.pause();
	void peer.send('HTTP/1.1 200 OK\r\n\r\n');
	void peer.send(Buffer.alloc(20_000_000, 's'));
	peer.end();
	await serveOthers(bed);
	client.resume();
	const text = (await client.takeRest()).toString('latin1');
	assert.is(text.length - text.indexOf('\r\n\r\n') - 4, 20_000_000);
});

test('H-95: a client that asks on and on and never reads is not served on and on', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.pause();
	const count = 1000;
	const served: string[] = [];
	void serveAll(bed, Buffer.alloc(100_000, 'p'), served);
	void client.send('GET /flood HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count));
	const other = await bed.client();
	for (let round = 0; round < 300; round++) {
		other.ask('GET /other HTTP/1.1');
		assert.is((await other.answer()).body.length, 100_000);
	}
	const floods = served.filter((line) => line.includes('flood')).length;
	assert.ok(floods < count, `${floods} requests were served`);
	client.resume();
	for (let index = 0; index < count; index++) assert.is((await client.answer()).body.length, 100_000);
});

test('H-96: an upload of 6 MiB to a function that reads late arrives whole', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked('POST / HTTP/1.1', `Content-Length: ${MAX}`);
	await peer.head();
	peer.pause();
	const body = Buffer.alloc(MAX, 'u');
	void client.send(body);
	await serveOthers(bed);
	peer.resume();
	assert.ok((await peer.takeBytes(MAX)).equals(body));
	await peer.reply('ok');
	assert.is((await client.answer()).text, 'ok');
});

/** Answers every request on every connection, until the test is over. */
async function serveAll(bed: GatewayBed, body: Buffer, served: string[]): Promise<void> {
	for (;;) void serve(await bed.function.peer(), body, served);
}

async function serve(peer: FunctionPeer, body: Buffer, served: string[]): Promise<void> {
	try {
		for (;;) {
			served.push((await peer.head()).requestLine);
			void peer.reply(body);
		}
	} catch {
		// The gateway has closed the connection.
	}
}

test.run();
