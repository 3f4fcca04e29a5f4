/** What is particular to the first bytes of a connection that we open; the rest of what an outbox does is in sockets.test.ts. */
import { constants } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Libc, libc } from '../../src/engine/libc.ts';
import { Outbox } from '../../src/engine/outbox.ts';
import { AF_INET, readSocketAddress, socketAddress } from '../../src/engine/socket-address.ts';
import { streamSocket } from '../../src/engine/stream-socket.ts';

const test = suite('Outbox');
const { EAGAIN, ECONNREFUSED } = constants.errno;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

/** Sockets of 127.0.0.1, closed at the end. */
class Bed implements Disposable {
	readonly calls: Libc;
	readonly #open: number[] = [];

	constructor(calls: Libc) {
		this.calls = calls;
	}

	/** A socket that listens, with room for one connection more than `backlog`; and where. */
	listen(backlog: number): { descriptor: number; address: Buffer } {
		const descriptor = this.#socket();
		assert.is(this.calls.bind(descriptor, socketAddress([127, 0, 0, 1], 0), 16), 0);
		assert.is(this.calls.listen(descriptor, backlog), 0);
		const address = Buffer.alloc(16);
		this.calls.getsockname(descriptor, address, Buffer.from([address.length, 0, 0, 0]));
		const { port } = readSocketAddress(address) ?? { port: 0 };
		return { descriptor, address: socketAddress([127, 0, 0, 1], port) };
	}

	/** Connected to there, or connecting, or refused. */
	connect(address: Buffer): number {
		const descriptor = this.#socket();
		this.calls.connect(descriptor, address, address.length);
		return descriptor;
	}

	/** Of the oldest connection, what has arrived. */
	arrived(listening: number): string {
		const descriptor = this.calls.accept4(listening, null, null, 0);
		this.#open.push(descriptor);
		const bytes = Buffer.alloc(1024);
		return bytes.toString('latin1', 0, this.calls.recv(descriptor, bytes, bytes.length, 0));
	}

	outbox(): Outbox {
		return new Outbox(
			this.calls,
			{ batch: null },
			{ onKept: assert.unreachable, onFailed: assert.unreachable },
		);
	}

	close(descriptor: number): void {
		this.calls.close(descriptor);
		this.#open.splice(this.#open.indexOf(descriptor), 1);
	}

	[Symbol.dispose](): void {
		for (const descriptor of this.#open) this.calls.close(descriptor);
	}

	#socket(): number {
		const descriptor = streamSocket(this.calls, AF_INET);
		this.#open.push(descriptor);
		return descriptor;
	}
}

function sendsAtOnce(calls: Libc, descriptor: number): boolean {
	const value = Buffer.alloc(4);
	calls.getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, value, Buffer.from([value.length, 0, 0, 0]));
	return value.readInt32LE() !== 0;
}

const calls = libc();

if (calls === null) {
	test('H-166: where the C library can not be called there are no outboxes', () => {
		assert.ok('Deno' in globalThis);
	});
} else {
	test('H-166: what was to be sent tells whether a socket is connected, and has left then', () => {
		using bed = new Bed(calls);
		const server = bed.listen(8);
		const outbox = bed.outbox();
		assert.is(outbox.writeHead('first ', null), false);
		assert.is(outbox.write(Buffer.from('second')), false);
		const socket = bed.connect(server.address);
		assert.is(outbox.begin(socket), 0);
		assert.is(outbox.keeps, true);
		outbox.open(socket, false);
		outbox.flush();
		assert.is(outbox.keeps, false);
		assert.is(bed.arrived(server.descriptor), 'first second');
	});

	test('H-166: where nothing is to be sent, a socket tells as well, and nothing arrives', () => {
		using bed = new Bed(calls);
		const server = bed.listen(8);
		const socket = bed.connect(server.address);
		const outbox = bed.outbox();
		assert.is(outbox.begin(socket), 0);
		outbox.open(socket, false);
		outbox.writeHead('first', null);
		assert.is(sendsAtOnce(calls, socket), false);
		assert.is(bed.arrived(server.descriptor), 'first');
	});

	test('H-166: a socket that was refused is told as such, and keeps what was to be sent', () => {
		using bed = new Bed(calls);
		const { descriptor, address } = bed.listen(8);
		bed.close(descriptor);
		const outbox = bed.outbox();
		outbox.writeHead('x', null);
		assert.is(outbox.begin(bed.connect(address)), ECONNREFUSED);
		assert.is(outbox.keeps, true);
	});

	test('H-166: a socket that is still connecting is not taken for one that is connected', () => {
		using bed = new Bed(calls);
		const { address } = bed.listen(0);
		// The only place, which nobody empties.
		bed.connect(address);
		const outbox = bed.outbox();
		outbox.writeHead('x', null);
		assert.is(outbox.begin(bed.connect(address)), EAGAIN);
		assert.is(outbox.keeps, true);
	});

	test('H-166: a write that follows another is not held back until that has arrived', () => {
		using bed = new Bed(calls);
		const socket = bed.connect(bed.listen(8).address);
		const outbox = bed.outbox();
		outbox.open(socket, false);
		outbox.writeHead('first', null);
		assert.is(sendsAtOnce(calls, socket), false);
		outbox.writeHead('second', null);
		assert.is(sendsAtOnce(calls, socket), true);
	});
}

test.run();
