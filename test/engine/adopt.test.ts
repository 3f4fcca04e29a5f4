/** Descriptors of sockets that somebody else opened, made connections of ours. Deno can be given none: the C library is not called there. */
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { bun } from '../../src/engine/bun-api.ts';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import type { Transport } from '../../src/engine/transport.ts';
import { ConnectedPairs } from '../harness/connected-pairs.ts';
import { until } from '../harness/until.ts';
import { transports } from './transports.ts';

const NOT_A_DESCRIPTOR = 1_000_000;

type Adopt = Transport['adopt'];

// Bun's node:net is told nothing by descriptors; there its own sockets are used.
const ways = transports().filter(({ name }) => bun === null || name !== 'node:net');

interface Recorded extends ConnectionHandler {
	readonly log: string[];
	readonly closed: Promise<Error | null>;
	readonly opened: Promise<void>;
	readonly text: () => string;
	readonly onOpen: () => void;
}

function recorder(onDrain: () => void = () => {}): Recorded {
	const closed = Promise.withResolvers<Error | null>();
	const opened = Promise.withResolvers<void>();
	const log: string[] = [];
	const bytes: Buffer[] = [];
	return {
		log,
		closed: closed.promise,
		opened: opened.promise,
		text: () => Buffer.concat(bytes).toString('latin1'),
		onOpen() {
			log.push('open');
			opened.resolve();
		},
		onData: (data) => void bytes.push(data),
		onDrain() {
			log.push('drain');
			onDrain();
		},
		onEnd: () => void log.push('end'),
		onClose(error) {
			log.push('close');
			closed.resolve(error);
		},
	};
}

for (const { name, adopt } of ways) {
	const test = suite(`adopted descriptors on ${name}`);
	comingTests(test, adopt);
	if (!('Deno' in globalThis)) {
		openingTests(test, adopt);
		waitingTests(test, adopt);
		openTests(test, adopt);
	}
	test.run();
}

function comingTests(test: Test, adopt: Adopt): void {
	test('H-4: a descriptor that never comes is reported once, with the reason', async () => {
		const handler = recorder();
		const refusal = Object.assign(new Error('nothing listens'), { code: 'ECONNREFUSED' });
		const connection = adopt(Promise.reject(refusal), handler, handler.onOpen);
		connection.write(Buffer.from('lost'));
		assert.is(await handler.closed, refusal);
		connection.destroy();
		assert.equal(handler.log, ['close']);
	});
}

function openingTests(test: Test, adopt: Adopt): void {
	test('H-4: a descriptor that is no socket is reported, not thrown', async () => {
		for (const descriptor of [NOT_A_DESCRIPTOR, Promise.resolve(NOT_A_DESCRIPTOR)]) {
			const handler = recorder();
			adopt(descriptor, handler, handler.onOpen);
			assert.instance(await handler.closed, Error);
			assert.equal(handler.log, ['close']);
		}
	});

	test('H-4: what is written before the descriptor comes is sent in order', async () => {
		await using peer = await ConnectedPairs.open();
		const handler = recorder();
		const coming = Promise.withResolvers<number>();
		const connection = adopt(coming.promise, handler, handler.onOpen);
		connection.writeHead('head ', Buffer.from('body '));
		assert.not(connection.write(Buffer.from('tail')));
		assert.ok(connection.queued);
		connection.end();
		coming.resolve(peer.connectedFd());
		await using socket = await peer.accepted();
		assert.is((await socket.takeRest()).toString(), 'head body tail');
		socket.end();
		assert.is(await handler.closed, null);
		assert.is(handler.log[0], 'open');
	});

	test('H-1: a half-close that was asked for before the descriptor came is passed on when it does', async () => {
		await using peer = await ConnectedPairs.open();
		const handler = recorder();
		const coming = Promise.withResolvers<number>();
		adopt(coming.promise, handler, handler.onOpen).end();
		coming.resolve(peer.connectedFd());
		await using socket = await peer.accepted();
		await socket.ended;
		await socket.send('the answer');
		socket.end();
		assert.is(await handler.closed, null);
		assert.is(handler.text(), 'the answer');
		assert.equal(handler.log, ['open', 'end', 'close']);
	});
}

function waitingTests(test: Test, adopt: Adopt): void {
	test('H-3: a connection that was paused before its descriptor came delivers nothing until it is resumed', async () => {
		await using peer = await ConnectedPairs.open();
		const handler = recorder();
		const coming = Promise.withResolvers<number>();
		const connection = adopt(coming.promise, handler, handler.onOpen);
		connection.pause();
		const fd = peer.connectedFd();
		await using socket = await peer.accepted();
		await socket.send('early');
		coming.resolve(fd);
		await handler.opened;
		// A second connection that is read shows that a paused one would have been.
		await readElsewhere(peer, adopt);
		assert.is(handler.text(), '');
		connection.resume();
		socket.end();
		await until('the end', () => (handler.log.includes('end') ? true : null));
		assert.is(handler.text(), 'early');
		connection.destroy();
		await handler.closed;
	});

	test('H-4: a connection that is destroyed before its descriptor comes closes it, and tells its close only', async () => {
		for (const how of ['destroy', 'reset'] as const) {
			await using peer = await ConnectedPairs.open();
			const handler = recorder();
			const coming = Promise.withResolvers<number>();
			const connection = adopt(coming.promise, handler, handler.onOpen);
			connection[how]();
			coming.resolve(peer.connectedFd());
			await handler.closed;
			await using socket = await peer.accepted();
			if (how === 'reset') assert.is(await socket.closed, 'reset');
			else await socket.ended;
			assert.equal(handler.log, ['close'], how);
		}
	});
}

function openTests(test: Test, adopt: Adopt): void {
	test('H-2: a reset reaches the peer of an adopted descriptor as one', async () => {
		await using peer = await ConnectedPairs.open();
		const handler = recorder();
		const connection = adopt(peer.connectedFd(), handler, handler.onOpen);
		await using socket = await peer.accepted();
		await handler.opened;
		connection.reset();
		assert.is(await socket.closed, 'reset');
		await handler.closed;
	});

	test('H-2: a reset by the peer of an adopted descriptor is told as an error', async () => {
		await using peer = await ConnectedPairs.open();
		const handler = recorder();
		adopt(peer.connectedFd(), handler, handler.onOpen);
		await using socket = await peer.accepted();
		await handler.opened;
		socket.reset();
		const error = (await handler.closed) as NodeJS.ErrnoException | null;
		assert.is(error?.code, 'ECONNRESET');
	});

	test('H-3: 20 MB go through an adopted descriptor both ways, each side at the pace of its reader', async () => {
		await using peer = await ConnectedPairs.open();
		const block = Buffer.alloc(1024 * 1024, 'x');
		let left = 20;
		let waits = 0;
		let connection: Connection | null = null;
		const pump = (): void => {
			while (left > 0) {
				left -= 1;
				if (connection?.write(block) === false) {
					waits += 1;
					return;
				}
			}
			connection?.end();
		};
		const handler = recorder(pump);
		connection = adopt(peer.connectedFd(), handler, handler.onOpen);
		await using socket = await peer.accepted();
		await handler.opened;
		pump();
		const received = await socket.takeBytes(20 * block.length);
		assert.ok(waits > 0);
		await socket.send(received);
		socket.end();
		await handler.closed;
		assert.is(handler.text().length, 20 * block.length);
	});
}

async function readElsewhere(peer: ConnectedPairs, adopt: Adopt): Promise<void> {
	const handler = recorder();
	const connection = adopt(peer.connectedFd(), handler, handler.onOpen);
	await using socket = await peer.accepted();
	await socket.send('read');
	await until('bytes', () => (handler.text() === 'read' ? true : null));
	connection.destroy();
	await handler.closed;
}
