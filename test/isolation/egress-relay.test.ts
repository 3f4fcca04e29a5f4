/** Needs a network of its own, and root there: the destinations are addresses of it. */
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { EgressPolicy } from '../../src/isolation/egress-policy.ts';
import { EgressRefusals } from '../../src/isolation/egress-refusals.ts';
import { EgressRelay } from '../../src/isolation/egress-relay.ts';
import { kernel } from '../../src/isolation/kernel.ts';
import { AcceptingServer } from '../harness/accepting-server.ts';
import type { ByteSocket } from '../harness/byte-socket.ts';
import { ConnectedPairs } from '../harness/connected-pairs.ts';
import { ADDRESSES, addDestinations } from '../harness/destinations.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { until } from '../harness/until.ts';

const test = suite('egress relay');
const HOST_ADDRESS = '192.0.2.1';
const MIB = 1024 * 1024;

if ('Deno' in globalThis) {
	test('N-64: an engine that cannot call the C library has no relay', () => {
		assert.throws(() => kernel(), /C library/);
	});
} else {
	addDestinations();
	policyTests();
	sourceTests();
	byteTests();
	limitTests();
}

function policyTests(): void {
	test('N-64: a connection that is allowed reaches its destination, and one that is not is reset and told', async () => {
		await using bed = await Bed.open({ mode: 'allow', allow: [`${ADDRESSES.private}/32`] });
		await using there = await AcceptingServer.open(ADDRESSES.private);
		await using caller = await bed.connect(ADDRESSES.private, there.port);
		await using callee = await there.accepted();
		await caller.send('question');
		assert.is(await callee.takeThrough('question'), 'question');
		await callee.send('answer');
		assert.is(await caller.takeThrough('answer'), 'answer');

		await using elsewhere = await AcceptingServer.open(ADDRESSES.public);
		await using refused = await bed.connect(ADDRESSES.public, elsewhere.port);
		assert.is(await refused.closed, 'reset');
		assert.is(elsewhere.callers.length, 0);
		assert.equal(bed.told(), [
			{ level: 'warn', destination: ADDRESSES.public, port: elsewhere.port, reason: 'not-listed' },
		]);
	});

	test('N-64: metadata and the host’s loopback are refused in mode open', async () => {
		await using bed = await Bed.open({});
		await using metadata = await bed.connect(ADDRESSES.metadata, 80);
		assert.is(await metadata.closed, 'reset');
		await using loopback = await bed.connect(HOST_ADDRESS, 80);
		assert.is(await loopback.closed, 'reset');
		assert.equal(
			bed.told().map(({ reason }) => reason),
			['metadata', 'loopback'],
		);
	});

	test('N-64: with mode none nothing is reached', async () => {
		await using bed = await Bed.open({ mode: 'none' });
		await using refused = await bed.connect(ADDRESSES.private, 80);
		assert.is(await refused.closed, 'reset');
		assert.is(bed.told()[0]?.reason, 'mode-none');
	});

	test('N-65: the host’s loopback, where it is allowed, is reached by the address of host.httpfn.internal', async () => {
		await using there = await AcceptingServer.open('127.0.0.1');
		await using bed = await Bed.open({ allow: [`127.0.0.1:${there.port}`] });
		await using caller = await bed.connect(HOST_ADDRESS, there.port);
		await using callee = await there.accepted();
		await callee.send('it is me');
		assert.is(await caller.takeThrough('it is me'), 'it is me');
		await using refused = await bed.connect(HOST_ADDRESS, there.port + 1);
		assert.is(await refused.closed, 'reset');
	});
}

function sourceTests(): void {
	test('N-66: public destinations are reached from publicSource, private ones as the host routes', async () => {
		await using bed = await Bed.open({ publicSource: ADDRESSES.publicSource });
		await using open = await AcceptingServer.open(ADDRESSES.public);
		await using closed = await AcceptingServer.open(ADDRESSES.private);
		await using first = await bed.connect(ADDRESSES.public, open.port);
		await using second = await bed.connect(ADDRESSES.private, closed.port);
		await using other = await open.accepted();
		await using another = await closed.accepted();
		assert.equal(open.callers, [ADDRESSES.publicSource]);
		assert.equal(closed.callers, [ADDRESSES.private]);
		for (const socket of [first, second, other, another]) socket.end();
	});

	test('N-66: with disablePublicNetwork only private destinations are reached', async () => {
		await using bed = await Bed.open({ disablePublicNetwork: true });
		await using there = await AcceptingServer.open(ADDRESSES.private);
		await using caller = await bed.connect(ADDRESSES.private, there.port);
		await using callee = await there.accepted();
		callee.end();
		await caller.ended;
		await using refused = await bed.connect(ADDRESSES.public, 80);
		assert.is(await refused.closed, 'reset');
		assert.is(bed.told()[0]?.reason, 'public-network');
	});
}

function byteTests(): void {
	test('N-67: a half-close is passed on, and the other side may still speak', async () => {
		await using bed = await Bed.open({});
		await using there = await AcceptingServer.open(ADDRESSES.private);
		for (const first of ['caller', 'callee'] as const) {
			await using caller = await bed.connect(ADDRESSES.private, there.port);
			await using callee = await there.accepted();
			const [quiet, speaking] = first === 'caller' ? [caller, callee] : [callee, caller];
			await quiet.send('all I have');
			quiet.end();
			assert.is((await speaking.takeRest()).toString(), 'all I have');
			// More than the kernel holds: some of it is still on its way here when its sender has gone.
			const much = Buffer.alloc(8 * MIB, 'x');
			void speaking.send(much);
			speaking.end();
			assert.is((await quiet.takeRest()).length, much.length, first);
			assert.is(await quiet.closed, 'closed');
		}
	});

	test('N-67: a reset is passed on as a reset, both ways', async () => {
		await using bed = await Bed.open({});
		await using there = await AcceptingServer.open(ADDRESSES.private);
		for (const first of ['caller', 'callee'] as const) {
			await using caller = await bed.connect(ADDRESSES.private, there.port);
			await using callee = await there.accepted();
			const [breaking, broken] = first === 'caller' ? [caller, callee] : [callee, caller];
			await caller.send('x');
			await callee.takeThrough('x');
			breaking.reset();
			assert.is(await broken.closed, 'reset', first);
		}
	});

	test('N-67: 20 MB pass each way at once, and a side that does not read stops the other', async () => {
		await using bed = await Bed.open({});
		await using there = await AcceptingServer.open(ADDRESSES.private);
		await using caller = await bed.connect(ADDRESSES.private, there.port);
		await using callee = await there.accepted();
		const bytes = Buffer.alloc(20 * MIB);
		for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, at);
		callee.pause();
		let sent = false;
		const sending = caller.send(bytes).then(() => {
			sent = true;
		});
		await callee.send(bytes);
		assert.ok(bytes.equals(await caller.takeBytes(bytes.length)));
		assert.not(sent);
		callee.resume();
		assert.ok(bytes.equals(await callee.takeBytes(bytes.length)));
		await sending;
	});
}

function limitTests(): void {
	test('N-68: a destination where nobody listens resets the connection, and the log has the reason', async () => {
		await using bed = await Bed.open({});
		const port = await unusedPort();
		await using caller = await bed.connect(ADDRESSES.private, port);
		assert.is(await caller.closed, 'reset');
		assert.equal(bed.told(), [
			{ level: 'warn', destination: ADDRESSES.private, port, reason: 'ECONNREFUSED' },
		]);
	});

	test('N-69: connections beyond the limit are reset until others have closed', async () => {
		await using bed = await Bed.open({}, 2);
		await using there = await AcceptingServer.open(ADDRESSES.private);
		await using first = await bed.connect(ADDRESSES.private, there.port);
		await using second = await bed.connect(ADDRESSES.private, there.port);
		await using third = await bed.connect(ADDRESSES.private, there.port);
		assert.is(await third.closed, 'reset');
		assert.is(bed.told()[0]?.reason, 'too-many-connections');
		first.reset();
		await using peer = await there.accepted();
		await using other = await there.accepted();
		await Promise.race([peer.closed, other.closed]);
		await using fourth = await bed.connect(ADDRESSES.private, there.port);
		await there.accepted();
		for (const socket of [second, fourth]) socket.end();
	});

	test('N-70: more than ten refusals a second are counted, not told one by one', async () => {
		const bed = await Bed.open({ mode: 'none' });
		for (let count = 0; count < 15; count += 1) {
			await using caller = await bed.connect(ADDRESSES.private, 80);
			assert.is(await caller.closed, 'reset');
		}
		await bed[Symbol.asyncDispose]();
		const told = bed.log.records.length;
		const untold = bed.log.records.reduce((sum, { fields }) => sum + Number(fields.untold ?? 0), 0);
		assert.ok(told >= 11 && told < 15, `${told} lines`);
		assert.is(bed.log.records.filter(({ fields }) => 'destination' in fields).length + untold, 15);
	});

	test('N-71: closing lets what is on its way arrive, closes the rest, and leaves no descriptor', async () => {
		await using there = await AcceptingServer.open(ADDRESSES.private);
		const before = descriptors();
		const bed = await Bed.open({});
		const ending = await bed.connect(ADDRESSES.private, there.port);
		const ended = await there.accepted();
		const staying = await bed.connect(ADDRESSES.private, there.port);
		const stayed = await there.accepted();
		void ending.send('last words');
		ending.end();
		ended.end();
		await bed[Symbol.asyncDispose]();
		assert.is((await ended.takeRest()).toString(), 'last words');
		assert.is(await stayed.closed, 'reset');
		await staying.closed;
		for (const socket of [ending, ended]) await socket[Symbol.asyncDispose]();
		await until('the descriptors closed', () => (descriptors() <= before ? true : null), 5_000);
	});
}

interface Told {
	readonly level: string;
	readonly destination: unknown;
	readonly port: unknown;
	readonly reason: unknown;
}

/** A relay, and connections that arrived from a function. */
class Bed implements AsyncDisposable {
	readonly log = new RecordingLog();
	readonly #refusals = new EgressRefusals(this.log);
	readonly #relay: EgressRelay;
	readonly #pairs: ConnectedPairs;

	private constructor(pairs: ConnectedPairs, settings: EgressSettings, connectionsMax: number) {
		this.#pairs = pairs;
		const policy = new EgressPolicy(settings);
		const refusals = this.#refusals;
		this.#relay = new EgressRelay({ kernel: kernel(), settings, policy, refusals, connectionsMax });
	}

	static async open(settings: Partial<EgressSettings>, connectionsMax = 1_024): Promise<Bed> {
		const whole = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false, ...settings };
		return new Bed(await ConnectedPairs.open(), whole as EgressSettings, connectionsMax);
	}

	/** The function's end of a connection that it opened. */
	async connect(address: string, port: number): Promise<ByteSocket> {
		const fd = this.#pairs.connectedFd();
		const socket = await this.#pairs.accepted();
		this.#relay.take(fd, { address, port });
		return socket;
	}

	told(): readonly Told[] {
		return this.log.records.map(({ level, fields }) => {
			const { destination, port, reason } = fields;
			return { level, destination, port, reason };
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#relay.close();
		this.#refusals.close();
		await this.#pairs[Symbol.asyncDispose]();
	}
}

async function unusedPort(): Promise<number> {
	await using destination = await AcceptingServer.open(ADDRESSES.private);
	return destination.port;
}

function descriptors(): number {
	return readdirSync('/proc/self/fd').length;
}

test.run();
