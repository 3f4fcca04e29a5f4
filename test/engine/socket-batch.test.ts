/** What is particular to connections that are read and written together; the rest of what they do is in sockets.test.ts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { PolledConnection } from '../../src/engine/connection-polled.ts';
import { type Libc, libc, requiredLibc } from '../../src/engine/libc.ts';
import { PollLoop, READABLE } from '../../src/engine/poll-loop.ts';
import { SocketBatch } from '../../src/engine/socket-batch.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';
import { polledTransport } from '../../src/engine/sockets-polled.ts';

const test = suite('SocketBatch');

const IO_URING_ENTER = 426;
const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** A loop whose turns are batched whatever they hold, and connections in it. */
class Bed implements Disposable {
	readonly loop: PollLoop;
	readonly #far: number[] = [];
	readonly #connections: Connection[] = [];

	constructor(calls = requiredLibc()) {
		this.loop = new PollLoop(calls, () => {}, 1);
	}

	/** A connection, and the descriptor of who is at its other end. */
	join(handler: (connection: Connection) => Partial<ConnectionHandler>): {
		connection: Connection;
		far: number;
	} {
		const [near, far] = socketPair('stream');
		this.#far.push(far);
		return { connection: this.add(near, handler), far };
	}

	add(descriptor: number, handler: (connection: Connection) => Partial<ConnectionHandler>): Connection {
		const connection = new PolledConnection(requiredLibc(), this.loop, null, null);
		connection.handler = { ...IGNORE, ...handler(connection) };
		connection.accepted(descriptor);
		this.#connections.push(connection);
		return connection;
	}

	[Symbol.dispose](): void {
		for (const connection of this.#connections) connection.destroy();
		for (const far of this.#far) requiredLibc().close(far);
		requiredLibc().close(this.loop.descriptor);
	}
}

function send(descriptor: number, text: string): void {
	assert.is(requiredLibc().send(descriptor, Buffer.from(text), text.length, 0), text.length);
}

/** What has arrived; null: nothing yet. Empty: the end. */
function take(descriptor: number): string | null {
	const bytes = Buffer.alloc(64 * 1024);
	const count = requiredLibc().recv(descriptor, bytes, bytes.length, 0x40);
	return count < 0 ? null : bytes.toString('latin1', 0, count);
}

if (libc() === null) {
	test('H-165: where the C library can not be called nothing is batched', () => {
		assert.is(polledTransport(), null);
	});
} else {
	test('H-165: what was read for a connection that another has paused meanwhile comes once, when it is resumed', async () => {
		using bed = new Bed();
		const told: string[] = [];
		const others: Connection[] = [];
		const pair = ['one', 'two'].map((name, index) =>
			bed.join(() => ({
				onData(bytes) {
					told.push(`${name} ${bytes}`);
					others[1 - index]?.pause();
				},
			})),
		);
		others.push(...pair.map(({ connection }) => connection));
		for (const { far } of pair) send(far, 'data');
		bed.loop.turn();
		assert.is(told.length, 1);
		bed.loop.turn();
		await Promise.resolve();
		assert.is(told.length, 1, 'it stays paused');
		for (const connection of others) connection.resume();
		await Promise.resolve();
		bed.loop.turn();
		assert.equal(told.sort(), ['one data', 'two data']);
	});

	test('H-165: a write that the kernel takes in part is followed by its rest, in order, and what is written after it', () => {
		using bed = new Bed();
		let written = '';
		const { connection, far } = bed.join((self) => ({
			onData() {
				const piece = String(written.length).padStart(1000, '.');
				written += piece;
				self.writeHead(piece, null);
			},
		}));
		while (!connection.queued) {
			send(far, 'x');
			bed.loop.turn();
		}
		send(far, 'x');
		bed.loop.turn();
		let received = '';
		while (received.length < written.length) {
			received += take(far) ?? '';
			bed.loop.turn();
		}
		assert.is(received, written);
		assert.not.ok(connection.queued);
	});

	test('H-165: what was written before an end, a close or a second write in the same turn leaves before them', () => {
		using bed = new Bed();
		const wanted = new Map([
			[bed.join((self) => ({ onData: () => leave(self, () => self.end()) })).far, 'answer'],
			[bed.join((self) => ({ onData: () => leave(self, () => self.destroy()) })).far, 'answer'],
			[
				bed.join((self) => ({ onData: () => leave(self, () => leave(self, () => self.end())) })).far,
				'answeranswer',
			],
		]);
		for (const far of wanted.keys()) send(far, 'question');
		bed.loop.turn();
		for (const [far, answer] of wanted) {
			assert.is(take(far), answer);
			assert.is(take(far), '', 'its end');
		}
	});

	for (const way of ['destroy', 'reset'] as const) {
		test(`H-165: what was read or written for a descriptor is not told to who has it next, after ${way}`, () => {
			using bed = new Bed();
			const told: string[] = [];
			const pair = [0, 1].map(() =>
				bed.join((self) => ({
					onData() {
						self.write(Buffer.from('answer'));
						for (const { connection } of pair) connection[way]();
						// Both descriptors are free: these two, who are joined, have them now.
						for (const descriptor of socketPair('stream'))
							bed.add(descriptor, () => ({ onData: (bytes) => void told.push(String(bytes)) }));
					},
				})),
			);
			for (const { far } of pair) send(far, 'question');
			bed.loop.turn();
			bed.loop.turn();
			assert.equal(told, []);
		});
	}

	test('H-165: what the kernel refuses to read is read afterwards, and lost to nobody', () => {
		let refusals = 1;
		const calls = requiredLibc();
		const syscall: Libc['syscall'] = (call, ...given) =>
			call === IO_URING_ENTER && refusals-- > 0 ? -1 : calls.syscall(call, ...given);
		using bed = new Bed(Object.create(calls, { syscall: { value: syscall } }));
		const told: string[] = [];
		const { far } = bed.join(() => ({ onData: (bytes) => void told.push(String(bytes)) }));
		const other = bed.join(() => ({}));
		const [near, trigger] = socketPair('stream');
		bed.loop.add(
			near,
			{ reader: null, ready: () => void other.connection.write(Buffer.from('sent')) },
			READABLE,
		);
		for (const descriptor of [far, trigger]) send(descriptor, 'data');
		bed.loop.turn();
		assert.equal([told.length, take(other.far)], [0, 'sent']);
		bed.loop.turn();
		assert.equal(told, ['data']);
		for (const descriptor of [near, trigger]) calls.close(descriptor);
	});

	test('H-165: more than a batch holds is read and sent', () => {
		using bed = new Bed();
		const pairs = Array.from({ length: 100 }, () =>
			bed.join((self) => ({ onData: (bytes) => leave(self, () => {}, String(bytes)) })),
		);
		for (const [index, { far }] of pairs.entries()) send(far, String(index));
		bed.loop.turn();
		assert.equal(
			pairs.map(({ far }) => take(far)),
			pairs.map((_, index) => String(index)),
		);
	});

	test('H-165: this machine has batches', () => {
		const how =
			'io_uring is refused here: it takes Linux 5.7, kernel.io_uring_disabled=0, and a sandbox that allows io_uring_setup';
		assert.ok(SocketBatch.open(requiredLibc()) !== null, how);
	});
}

function leave(connection: Connection, then: () => void, text = 'answer'): void {
	connection.write(Buffer.from(text));
	then();
}

test.run();
