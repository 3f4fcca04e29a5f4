import { readFileSync } from 'node:fs';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import type { Listener } from '../../src/engine/listener.ts';
import { transports } from './transports.ts';

interface Recorded extends ConnectionHandler {
	readonly log: string[];
	readonly bytes: Buffer[];
	readonly closed: Promise<Error | null>;
	readonly ended: Promise<void>;
	onDrain: () => void;
}

function recorder(overrides: Partial<ConnectionHandler> = {}): Recorded {
	const closed = Promise.withResolvers<Error | null>();
	const ended = Promise.withResolvers<void>();
	const log: string[] = [];
	const bytes: Buffer[] = [];
	return {
		log,
		bytes,
		closed: closed.promise,
		ended: ended.promise,
		onData(data) {
			bytes.push(data);
			overrides.onData?.(data);
		},
		onDrain() {
			log.push('drain');
			overrides.onDrain?.();
		},
		onEnd() {
			log.push('end');
			ended.resolve();
			overrides.onEnd?.();
		},
		onClose(error) {
			log.push('close');
			closed.resolve(error);
			overrides.onClose?.(error);
		},
	};
}

/** Whether the kernel has a keep-alive timer (02) on an open connection to this port. */
function keptAlive(port: number): boolean {
	const hex = port.toString(16).toUpperCase().padStart(4, '0');
	const open = new RegExp(`^ *\\d+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:${hex} 01 \\S+ 02:`, 'm');
	return open.test(readFileSync('/proc/net/tcp', 'latin1'));
}

/** Reads a plain client socket to its end: the bytes, or the error's code. */
function readAll(socket: net.Socket): Promise<{ bytes: Buffer; error: string | null }> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let error: string | null = null;
		socket.on('data', (chunk: Buffer) => chunks.push(chunk));
		socket.on('error', (failure: NodeJS.ErrnoException) => {
			error = failure.code ?? failure.message;
		});
		socket.on('close', () => resolve({ bytes: Buffer.concat(chunks), error }));
	});
}

for (const { name, listen, connect } of transports()) {
	const test = suite(`sockets on ${name}`);
	let listener: Listener;
	let port: number;
	let accepted: (connection: Connection) => ConnectionHandler;

	test.before(async () => {
		listener = await listen({ at: { kind: 'tcp', host: '127.0.0.1', port: 0 }, backlog: 16 }, (connection) =>
			accepted(connection),
		);
		assert.ok(listener.place.kind === 'tcp');
		port = listener.place.port;
	});
	test.after(() => listener.close());

	test('H-1: a half-closed client still gets its answer', async () => {
		const served = Promise.withResolvers<Recorded>();
		accepted = (connection) => {
			const handler = recorder({
				onEnd() {
					connection.writeHead('caf\xe9:', Buffer.from('body'));
					connection.end();
				},
			});
			served.resolve(handler);
			return handler;
		};
		const client = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
		const answer = readAll(client);
		client.end('question');
		assert.is((await answer).bytes.toString('latin1'), 'caf\xe9:body');
		const handler = await served.promise;
		assert.is(await handler.closed, null);
		assert.equal(handler.log, ['end', 'close']);
		assert.is(Buffer.concat(handler.bytes).toString(), 'question');
	});

	test('H-147: a connection that asks for it is kept alive by the kernel, and no other is', async () => {
		for (const asks of [false, true]) {
			const opened = Promise.withResolvers<void>();
			const served = Promise.withResolvers<void>();
			accepted = (connection) => {
				served.resolve();
				return recorder({ onEnd: () => connection.end() });
			};
			const handler = recorder();
			const connection = connect('127.0.0.1', port, handler, () => opened.resolve());
			await Promise.all([opened.promise, served.promise]);
			if (asks) connection.keepAlive();
			assert.is(keptAlive(port), asks);
			connection.destroy();
			await handler.closed;
		}
	});

	test('H-2: a reset reaches the client as ECONNRESET, never as an orderly end', async () => {
		accepted = (connection) =>
			recorder({
				onData() {
					connection.write(Buffer.from('part of the answer'));
					connection.reset();
				},
			});
		const client = net.connect(port, '127.0.0.1');
		const answer = readAll(client);
		client.write('question');
		assert.is((await answer).error, 'ECONNRESET');
	});

	test('H-3: a reader that waits makes write answer false, and onDrain follows when it reads on', async () => {
		const block = Buffer.alloc(1024 * 1024, 'x');
		const refused = Promise.withResolvers<number>();
		let written = 0;
		accepted = (connection) => {
			const pump = () => {
				while (written < 64) {
					written++;
					if (!connection.write(block)) {
						refused.resolve(written);
						return;
					}
				}
				connection.end();
			};
			return recorder({ onData: pump, onDrain: pump });
		};
		const client = net.connect(port, '127.0.0.1');
		client.pause();
		client.write('go');
		assert.ok((await refused.promise) < 64);
		let received = 0;
		client.on('data', (chunk) => {
			received += chunk.length;
		});
		client.resume();
		await new Promise((resolve) => client.on('close', resolve));
		assert.is(received, 64 * block.length);
	});

	test('H-3: a paused connection delivers nothing until it is resumed', async () => {
		const first = Promise.withResolvers<Connection>();
		const handlers: Recorded[] = [];
		accepted = (connection) => {
			const handler = recorder({
				onData() {
					if (handler.bytes.length === 1) {
						connection.pause();
						first.resolve(connection);
					}
				},
			});
			handlers.push(handler);
			return handler;
		};
		const client = net.connect(port, '127.0.0.1');
		client.setNoDelay(true);
		client.write('one');
		const connection = await first.promise;
		await new Promise((resolve) => client.write('two', resolve));
		const handler = handlers[0];
		assert.is(handler?.bytes.length, 1);
		connection.resume();
		client.end();
		await handler?.ended;
		assert.is(Buffer.concat(handler?.bytes ?? []).toString(), 'onetwo');
		connection.end();
		await handler?.closed;
	});

	test('H-3: bytes that are passed on as they come reach whom they are for, and nobody else', async () => {
		accepted = (connection) =>
			recorder({
				onData: (bytes) => {
					if (!connection.write(bytes)) connection.pause();
				},
				onDrain: () => connection.resume(),
				onEnd: () => connection.end(),
			});
		const echoes = Array.from({ length: 8 }, async (_, index) => {
			const sent = Buffer.alloc(3_000_000, `${index}${'-'.repeat(index)}`);
			const client = net.connect(port, '127.0.0.1');
			const echo = readAll(client);
			client.end(sent);
			return sent.equals((await echo).bytes);
		});
		assert.equal(await Promise.all(echoes), Array(8).fill(true));
	});

	test('H-4: a refused connection is reported once, with the reason', async () => {
		const probe = net.createServer();
		await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
		const { port } = probe.address() as net.AddressInfo;
		await new Promise((resolve) => probe.close(resolve));
		const handler = recorder();
		connect('127.0.0.1', port, handler, () => assert.unreachable('nobody listens'));
		const error = (await handler.closed) as NodeJS.ErrnoException | null;
		assert.is(error?.code, 'ECONNREFUSED');
		assert.equal(handler.log, ['close']);
	});

	test('H-4: what is written before the connection opens is sent in order', async () => {
		const received: Buffer[] = [];
		accepted = (connection) =>
			recorder({ onData: (bytes) => received.push(bytes), onEnd: () => connection.end() });
		const handler = recorder();
		const connection = connect('127.0.0.1', port, handler, () => handler.log.push('open'));
		connection.writeHead('head ', Buffer.from('body '));
		connection.write(Buffer.from('tail'));
		connection.end();
		await handler.closed;
		assert.is(Buffer.concat(received).toString(), 'head body tail');
		assert.is(handler.log[0], 'open');
	});

	test('H-4: destroying twice is harmless and delivers one close', async () => {
		const served = Promise.withResolvers<void>();
		accepted = (connection) => {
			served.resolve();
			return recorder({ onEnd: () => connection.end() });
		};
		const handler = recorder();
		const opened = Promise.withResolvers<void>();
		const connection = connect('127.0.0.1', port, handler, opened.resolve);
		await Promise.all([opened.promise, served.promise]);
		connection.destroy();
		connection.destroy();
		connection.reset();
		connection.write(Buffer.from('late'));
		await handler.closed;
		assert.equal(handler.log, ['close']);
	});

	test.run();
}
