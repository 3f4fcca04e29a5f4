import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { passDescriptor, takeDescriptor } from '../../src/engine/descriptor-passing.ts';
import { openSharedListeners } from '../../src/engine/shared-listeners.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';
import { listen } from '../../src/engine/sockets.ts';

const test = suite('openSharedListeners');

const ANY = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;

if ('Deno' in globalThis) {
	test('R-14: on Deno there are no such sockets', async () => {
		assert.ok(await openSharedListeners(ANY, 2, 16).catch(() => true));
	});
} else {
	test('R-14: what waits on a socket whose process is gone is accepted by the next that gets the socket', async () => {
		const opened = await openSharedListeners(ANY, 1, 16);
		const [descriptor = -1] = opened.descriptors;
		const { port } = opened.place as { readonly port: number };
		const client = net.connect({ port, host: '127.0.0.1' });
		await new Promise((resolve) => client.once('connect', resolve));
		client.write('hello');
		const heard = Promise.withResolvers<string>();
		const [near, far] = socketPair('packets');
		const number = 2 ** 40 + 7;
		assert.ok(passDescriptor(near, { number, descriptor }));
		const passed = takeDescriptor(far);
		assert.is(passed?.number, number);
		assert.is(takeDescriptor(far), null);
		opened.close();
		opened.close();
		const at = { kind: 'descriptor', fd: passed?.descriptor ?? -1 } as const;
		const listener = await listen({ at, backlog: 16 }, (connection) => hears(connection, heard.resolve));
		assert.is(await heard.promise, 'hello');
		client.destroy();
		await listener.close();
	});

	test('R-14: each process gets a socket of its own, and each gets connections', async () => {
		const opened = await openSharedListeners(ANY, 3, 128);
		assert.is(new Set(opened.descriptors).size, 3);
		const { port } = opened.place as { readonly port: number };
		const counts = [0, 0, 0];
		const all = Promise.withResolvers<void>();
		const listeners = await Promise.all(
			opened.descriptors.map((fd, index) =>
				listen({ at: { kind: 'descriptor', fd }, backlog: 128 }, (connection) => {
					counts[index] = (counts[index] ?? 0) + 1;
					if (counts.reduce((sum, count) => sum + count, 0) === 100) all.resolve();
					return hears(connection, () => {});
				}),
			),
		);
		const clients = Array.from({ length: 100 }, () => net.connect({ port, host: '127.0.0.1' }));
		for (const client of clients) client.on('error', () => {});
		await all.promise;
		assert.ok(Math.min(...counts) > 0, counts.join(', '));
		for (const client of clients) client.destroy();
		for (const listener of listeners) await listener.close();
	});

	test('R-12: a port that somebody listens on is refused, also where both would share it', async () => {
		const opened = await openSharedListeners(ANY, 2, 16);
		const { port } = opened.place as { readonly port: number };
		const refusal = (host: string) =>
			openSharedListeners({ kind: 'tcp', host, port }, 2, 16).catch(({ code }) => code);
		assert.is(await refusal('127.0.0.1'), 'EADDRINUSE');
		assert.is(await refusal('0.0.0.0'), 'EADDRINUSE');
		opened.close();
		const again = await openSharedListeners({ kind: 'tcp', host: 'localhost', port }, 2, 16);
		again.close();
	});

	test('R-12: an address that is not to be had is refused, also that of one interface, and never another in its place', async () => {
		for (const host of ['192.0.2.1', '::1%lo'])
			assert.is(
				await openSharedListeners({ kind: 'tcp', host, port: 0 }, 2, 16).catch(({ code }) => code),
				'EADDRNOTAVAIL',
			);
	});
}

function hears(connection: Connection, tell: (text: string) => void): ConnectionHandler {
	return {
		onData: (bytes) => tell(bytes.toString()),
		onDrain() {},
		onEnd: () => connection.destroy(),
		onClose() {},
	};
}

test.run();
