import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../src/engine/connection.ts';
import { libc, requiredLibc } from '../../src/engine/libc.ts';
import type { Instance } from '../../src/process/instance.ts';
import { connected, openSocket } from '../../src/process/loopback-connect.ts';
import { SocketAhead } from '../../src/process/socket-ahead.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { until } from '../harness/until.ts';
import { lived } from './support.ts';

const test = suite('a connection made ahead');
const LONG_MS = 60_000;
/** Answers with the port that the request came from. */
const PORT_SERVER = `exec node -e '
require("node:http").createServer((request, response) => {
	response.setHeader("Connection", "close").end(String(request.socket.remotePort));
}).listen(8000, "127.0.0.1")'`;
const calls = libc();

/** Local ports of connections to the function. The network is this file's own. */
function portsInUse(): number[] {
	const row = /^ *\d+: [0-9A-F]{8}:([0-9A-F]{4}) 0100007F:1F40 01 /gm;
	return [...readFileSync('/proc/self/net/tcp', 'latin1').matchAll(row)].map(([, port = '']) =>
		Number.parseInt(port, 16),
	);
}

/** The body of one answer. */
function ask(instance: Instance): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		const connection: Connection = instance.connect(
			{
				onData: (bytes) => {
					text += bytes;
				},
				onDrain() {},
				onEnd: () => connection.destroy(),
				onClose: (error) => (error === null ? resolve(text.split('\r\n\r\n')[1] ?? '') : reject(error)),
			},
			() => {},
		);
		connection.writeHead('GET / HTTP/1.1\r\nHost: a\r\n\r\n', null);
	});
}

test('S-60: the request that thaws an instance goes on a connection that was made while it stood still', async () => {
	await using folder = await functionFolder({ bootstrap: PORT_SERVER });
	const use = async ({ instance }: { instance: Instance }): Promise<void> => {
		await instance.start();
		instance.takeProbe()?.destroy();
		assert.match(await ask(instance), /^\d+$/);
		await until('nothing is connected', () => (portsInUse().length === 0 ? true : null));
		for (let round = 0; round < 2; round += 1) {
			instance.freeze();
			instance.freeze();
			// An engine that can not call the C library makes none.
			const ahead = calls === null ? null : await until('it is connected', () => portsInUse()[0] ?? null);
			instance.thaw();
			const found = Number(await ask(instance));
			if (ahead === null) assert.ok('Deno' in globalThis && found > 0);
			else assert.is(found, ahead);
			if (ahead !== null) assert.is.not(Number(await ask(instance)), ahead);
		}
		instance.freeze();
	};
	await lived('answers', use, { overrides: { codeRoot: folder.path } });
	await until('it is closed with the instance', () => (portsInUse().length === 0 ? true : null));
});

interface Bed extends AsyncDisposable {
	readonly connect: () => Promise<number>;
	/** Resolves when the client has closed a connection. */
	readonly closed: Promise<void>;
	readonly connections: () => number;
}

async function bed(): Promise<Bed> {
	const closed = Promise.withResolvers<void>();
	let count = 0;
	const server = net.createServer((socket) => {
		count += 1;
		socket.resume().on('error', () => {});
		socket.on('close', () => closed.resolve());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as net.AddressInfo;
	return {
		connect: async () => connected(requiredLibc(), openSocket(requiredLibc()), port),
		closed: closed.promise,
		connections: () => count,
		async [Symbol.asyncDispose]() {
			server.close();
			await once(server, 'close');
		},
	};
}

if (calls !== null) {
	test('S-60: it is not made where the instance may still run, or runs again', async () => {
		await using server = await bed();
		const ahead = new SocketAhead(LONG_MS);
		await ahead.open(Promise.resolve(false), server.connect);
		assert.is(ahead.take(), null);
		ahead.thaw();
		const still = Promise.withResolvers<boolean>();
		const opened = ahead.open(still.promise, server.connect);
		ahead.thaw();
		still.resolve(true);
		await opened;
		assert.is(ahead.take(), null);
		assert.is(server.connections(), 0);
	});

	test('S-60: one that comes after the thaw, or is not taken soon after it, is closed', async () => {
		for (const late of [true, false]) {
			await using server = await bed();
			const ahead = new SocketAhead(late ? LONG_MS : 1);
			const connected = Promise.withResolvers<void>();
			const opened = ahead.open(Promise.resolve(true), async () => {
				const socket = await server.connect();
				if (late) await connected.promise;
				return socket;
			});
			if (!late) await opened;
			else await Promise.resolve();
			ahead.thaw();
			connected.resolve();
			await opened;
			await server.closed;
			assert.is(ahead.take(), null);
		}
	});

	test('S-60: it is given away once, and one that a later freeze finds is not kept for that one', async () => {
		await using server = await bed();
		const ahead = new SocketAhead(LONG_MS);
		await ahead.open(Promise.resolve(true), server.connect);
		ahead.thaw();
		// The server may have accepted it by now.
		const second = ahead.open(Promise.resolve(true), server.connect);
		await server.closed;
		await second;
		ahead.thaw();
		const socket = ahead.take();
		assert.type(socket, 'number');
		assert.is(ahead.take(), null);
		if (socket !== null) closeSync(socket);
	});

	test('S-60: where nobody listens there is none', async () => {
		const ahead = new SocketAhead(LONG_MS);
		await ahead.open(Promise.resolve(true), () => Promise.reject(new Error('nobody listens')));
		assert.is(ahead.take(), null);
		ahead.close();
		ahead.close();
	});
}

test.run();
