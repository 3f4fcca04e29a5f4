/** Real namespaces: needs root. */
import { closeSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libc } from '../../src/engine/libc.ts';
import { EgressPoller } from '../../src/isolation/egress-poller.ts';
import type { EgressArrival } from '../../src/isolation/egress-sockets.ts';
import { startSource } from '../harness/source-process.ts';
import { until } from '../harness/until.ts';
import { EgressBed } from './egress-bed.ts';

const test = suite('egress poller');

if ('Deno' in globalThis) {
	test('N-30: an engine that cannot call the C library has no poller', () => {
		assert.throws(() => new EgressPoller(), /C library/);
	});
} else {
	test('N-30: a connection to the world arrives with the destination it had', async () => {
		await using bed = await EgressBed.open();
		await using watched = new Watched(bed);
		for (const [address, port] of [
			['10.1.2.3', 4567],
			['203.0.113.9', 8000],
			['2001:db8::1', 443],
		] as const) {
			assert.is(await bed.connect(address, port), 'connected');
			const arrival = await watched.next();
			assert.is(arrival.kind, 'connection');
			assert.equal(arrival.kind === 'connection' && arrival.destination, { address, port });
		}
	});

	test('N-30: a connection to the port of egress itself has no destination', async () => {
		await using bed = await EgressBed.open();
		await using watched = new Watched(bed);
		await bed.connect('127.0.0.1', 15_001);
		const arrival = await watched.next();
		assert.is(arrival.kind === 'connection' && arrival.destination, null);
	});

	test('N-31: a query to port 53 of any address is answered from that address', async () => {
		await using bed = await EgressBed.open();
		await using watched = new Watched(bed);
		for (const address of ['8.8.8.8', '127.0.0.1', '127.0.0.53', '2001:db8::53', '::1']) {
			const answered = bed.datagram(address, 53, 'who?');
			const arrival = await watched.next();
			if (arrival.kind !== 'dns-query') throw new Error(arrival.kind);
			assert.is(arrival.bytes.toString(), 'who?');
			const { fd, client } = arrival;
			libc()?.sendto(fd, Buffer.from('me'), 2, 0, client, client.length);
			assert.equal(await answered, { from: address, text: 'me' });
		}
	});

	test('N-31: a connection to port 53 of any address arrives as one for the resolver', async () => {
		await using bed = await EgressBed.open();
		await using watched = new Watched(bed);
		for (const address of ['8.8.8.8', '127.0.0.1', '2001:db8::53']) {
			assert.is(await bed.connect(address, 53), 'connected');
			assert.is((await watched.next()).kind, 'dns-connection');
		}
	});

	test('N-38: a place that is removed lets nobody in, and others go on', async () => {
		await using bed = await EgressBed.open();
		await using other = await EgressBed.open();
		await using watched = new Watched(bed);
		const { id } = watched;
		const others: EgressArrival[] = [];
		watched.poller.add(other.takeSockets(), (arrival) => others.push(arrival));
		await watched.poller.remove(id);
		await watched.poller.remove(id);
		assert.is(await bed.connect('10.1.2.3', 80), 'ECONNREFUSED');
		assert.is(await bed.datagram('10.1.2.3', 53, 'x'), 'ECONNREFUSED');
		assert.is(await other.connect('10.1.2.3', 80), 'connected');
		await until('the other place is served', () => others[0] ?? null);
	});

	test('N-38: closing the poller closes every descriptor that it has made or taken', async () => {
		await using bed = await EgressBed.open();
		// Engines open descriptors of their own with the first thread.
		await using first = new Watched(bed);
		await first.poller.close();
		await using again = await EgressBed.open();
		await bed.connect('127.0.0.1', 9);
		const before = openDescriptors();
		const watched = new Watched(again);
		await again.connect('10.1.2.3', 80);
		await watched.next();
		await watched[Symbol.asyncDispose]();
		// The client's end is still open inside; the four sockets of the place are not.
		assert.is(openDescriptors(), before - 4 + 1);
	});

	test('N-39: a place that sends faster than its arrivals are taken loses datagrams, and no memory grows', async () => {
		await using bed = await EgressBed.open();
		await using watched = new Watched(bed);
		const sent = 6_000;
		await bed.floodWhileBlocked('8.8.8.8', 53, sent);
		// A connection is not lost, and comes behind what was taken before it.
		assert.is(await bed.connect('10.1.2.3', 80), 'connected');
		while ((await watched.next()).kind !== 'connection');
		assert.ok(watched.count < 2_500, `${watched.count} arrived`);
	});

	test('N-40: a process that ends with a place still watched is not held up by the thread', async () => {
		const unclosed = startSource('test/isolation/egress-unclosed.ts', [], { stdio: 'inherit' });
		assert.equal(await unclosed.exited, { code: 0, signal: null });
	});
}

/** One place watched by a poller of its own. */
class Watched implements AsyncDisposable {
	readonly poller = new EgressPoller();
	readonly id: number;
	count = 0;
	readonly #arrivals: EgressArrival[] = [];
	#wake: () => void = () => {};

	constructor(bed: EgressBed) {
		this.id = this.poller.add(bed.takeSockets(), (arrival) => {
			this.count += 1;
			this.#arrivals.push(arrival);
			this.#wake();
		});
	}

	/** Closes the arrival's own descriptor. */
	async next(): Promise<EgressArrival> {
		while (this.#arrivals.length === 0) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		const arrival = this.#arrivals.shift();
		if (arrival === undefined) throw new Error('nothing arrived');
		if (arrival.kind !== 'dns-query') closeSync(arrival.fd);
		return arrival;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.poller.close();
	}
}

function openDescriptors(): number {
	return readdirSync('/proc/self/fd').length;
}

test.run();
