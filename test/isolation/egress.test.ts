/** From a real namespace to the relay: needs root, and a network of its own. */
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { Egress } from '../../src/isolation/egress.ts';
import { EgressDns } from '../../src/isolation/egress-dns.ts';
import { EgressPolicy } from '../../src/isolation/egress-policy.ts';
import { EgressRefusals } from '../../src/isolation/egress-refusals.ts';
import { kernel } from '../../src/isolation/kernel.ts';
import { ConnectedPairs } from '../harness/connected-pairs.ts';
import { ADDRESSES, addDestinations, Destination } from '../harness/destinations.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { until } from '../harness/until.ts';
import { EgressBed } from './egress-bed.ts';

const test = suite('egress');
const PORT = 9_000;
const SETTINGS: EgressSettings = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false };
/** Stands for the resolvers of the host: answers with the query, and by which way it came. */
const DNS = {
	answer: (query: Buffer, _policy: EgressPolicy, transport: string) =>
		Promise.resolve(query.includes('drop') ? null : Buffer.concat([query, Buffer.from(` by ${transport}`)])),
};

if ('Deno' in globalThis) {
	test('N-73: an engine that cannot call the C library has no egress', () => {
		assert.throws(() => new Egress(DNS), /C library/);
	});
} else {
	addDestinations();
	placeTests();
	queryTests();
}

function placeTests(): void {
	test('N-73: each place has a policy and a log of its own', async () => {
		await using there = await Destination.open(ADDRESSES.private, PORT);
		await using world = await World.open();
		await using open = await Place.open(world, SETTINGS);
		await using closed = await Place.open(world, { ...SETTINGS, mode: 'none' });
		await open.bed.connect(ADDRESSES.private, PORT);
		await until('the destination is reached', () => there.callers[0] ?? null);
		await closed.bed.connect(ADDRESSES.private, PORT);
		const record = await until('the refusal', () => closed.log.records[0] ?? null);
		assert.equal(record.fields, { destination: ADDRESSES.private, port: PORT, reason: 'mode-none' });
		assert.is(there.callers.length, 1);
		assert.equal(open.log.records, []);
	});

	test('N-73: a query is answered from the address that it was sent to', async () => {
		await using world = await World.open();
		await using place = await Place.open(world, SETTINGS);
		const answer = await place.bed.datagram('8.8.8.8', 53, 'who');
		assert.equal(answer, { from: '8.8.8.8', text: 'who by udp' });
	});

	test('N-73: a place that is closed lets nothing out, and closing twice is harmless', async () => {
		await using world = await World.open();
		await using place = await Place.open(world, SETTINGS);
		await Promise.all([place.link.close(), place.link.close()]);
		assert.is(await place.bed.connect(ADDRESSES.private, PORT), 'ECONNREFUSED');
	});

	test('N-73: closing leaves no descriptor', async () => {
		await using destination = await Destination.open(ADDRESSES.private, PORT);
		/** Of the bed: they stay open to the end of the test. */
		const CLIENT_SOCKETS = 3;
		const round = async (): Promise<void> => {
			await using world = await World.open();
			await using place = await Place.open(world, SETTINGS);
			await place.bed.connect(ADDRESSES.private, PORT);
			await place.bed.connect('10.77.0.9', 53);
			await place.bed.datagram('10.77.0.9', 53, 'who');
		};
		// Engines open descriptors of their own with the first threads and sockets.
		await round();
		const before = descriptors();
		await round();
		await until(
			'the descriptors closed',
			() => (descriptors() <= before + CLIENT_SOCKETS ? true : null),
			5_000,
		);
		assert.is(destination.callers.length, 2);
	});
}

function queryTests(): void {
	test('N-74: queries by TCP are answered in order, however their bytes come', async () => {
		await using bed = await DnsBed.open();
		await using client = await bed.connect();
		const queries = Buffer.concat([message('first'), message('second')]);
		for (const byte of queries) await client.send(Buffer.from([byte]));
		client.end();
		const answers = await client.takeRest();
		assert.ok(answers.equals(Buffer.concat([message('first by tcp'), message('second by tcp')])));
		assert.is(await client.closed, 'closed');
	});

	test('N-74: a message that is no query resets its connection', async () => {
		await using bed = await DnsBed.open();
		await using client = await bed.connect();
		await client.send(message('drop me'));
		assert.is(await client.closed, 'reset');
	});

	test('N-74: a 65th connection that asks at once is reset', async () => {
		await using bed = await DnsBed.open();
		const clients = [];
		for (let count = 0; count < 65; count += 1) clients.push(await bed.connect());
		assert.is(await clients.at(-1)?.closed, 'reset');
		const [first] = clients;
		await first?.send(message('still there'));
		await first?.takeThrough('still there by tcp');
		for (const client of clients) await client[Symbol.asyncDispose]();
	});
}

class World implements AsyncDisposable {
	readonly egress = new Egress(DNS);

	static open(): Promise<World> {
		return Promise.resolve(new World());
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.egress.close();
	}
}

class Place implements AsyncDisposable {
	readonly log = new RecordingLog();
	readonly bed: EgressBed;
	readonly link: ReturnType<Egress['open']>;

	private constructor(world: World, bed: EgressBed, settings: EgressSettings) {
		this.bed = bed;
		this.link = world.egress.open(bed.takeSockets(), settings, this.log);
	}

	static async open(world: World, settings: EgressSettings): Promise<Place> {
		return new Place(world, await EgressBed.open(), settings);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.link.close();
		await this.bed[Symbol.asyncDispose]();
	}
}

class DnsBed implements AsyncDisposable {
	readonly #pairs: ConnectedPairs;
	readonly #dns = new EgressDns({
		kernel: kernel(),
		relay: DNS,
		policy: new EgressPolicy(SETTINGS),
		refusals: new EgressRefusals(new RecordingLog()),
	});

	private constructor(pairs: ConnectedPairs) {
		this.#pairs = pairs;
	}

	static async open(): Promise<DnsBed> {
		return new DnsBed(await ConnectedPairs.open());
	}

	async connect() {
		const fd = this.#pairs.connectedFd();
		const socket = await this.#pairs.accepted();
		this.#dns.take(fd);
		return socket;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#dns.close();
		await this.#pairs[Symbol.asyncDispose]();
	}
}

function message(text: string): Buffer {
	return Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
}

function descriptors(): number {
	return readdirSync('/proc/self/fd').length;
}

test.run();
