import { once } from 'node:events';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Libc, libc } from '../../src/engine/libc.ts';
import { openSocket, tryConnect } from '../../src/process/loopback-connect.ts';

const test = suite('connections to the function’s port');

/** struct sockaddr_in of 127.0.0.1 */
function address(port: number): Buffer {
	const bytes = Buffer.alloc(16);
	bytes.writeUInt16LE(2, 0);
	bytes.writeUInt16BE(port, 2);
	bytes.set([127, 0, 0, 1], 4);
	return bytes;
}

function boundSocket(calls: Libc, port: number): number {
	const socket = openSocket(calls);
	const on = Buffer.from([1, 0, 0, 0]);
	// SO_REUSEADDR of SOL_SOCKET
	assert.is(calls.setsockopt(socket, 1, 2, on, on.length), 0);
	assert.is(calls.bind(socket, address(port), 16), 0);
	return socket;
}

async function listening(port: number): Promise<net.Server> {
	// The server closes first: the kernel remembers both ports on its side.
	const server = net.createServer((socket) => void socket.end());
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

const calls = libc();

test('S-58: a port that nobody listens on is refused each time it is tried, and found once somebody does', async () => {
	// An engine that can not call the C library connects by its own sockets.
	if (calls === null) return assert.ok('Deno' in globalThis);
	const server = await listening(0);
	const { port } = server.address() as net.AddressInfo;
	server.close();
	await once(server, 'close');
	const socket = openSocket(calls);
	for (let tries = 0; tries < 3; tries += 1) assert.is(tryConnect(calls, socket, port), 'refused');
	const again = await listening(port);
	assert.is(tryConnect(calls, socket, port), 'connected');
	calls.close(socket);
	again.close();
});

test('S-59: where the kernel remembers a connection of the same two ports, nothing is known, and it is not taken for a connection', async () => {
	if (calls === null) return assert.ok('Deno' in globalThis);
	const server = await listening(0);
	const { port } = server.address() as net.AddressInfo;
	const client = net.connect({ port, host: '127.0.0.1' });
	client.resume();
	await once(client, 'connect');
	const own = client.localPort ?? 0;
	await once(client, 'close');
	server.close();
	await once(server, 'close');
	const socket = boundSocket(calls, own);
	assert.is(tryConnect(calls, socket, port), 'pending');
	calls.close(socket);
});

test.run();
