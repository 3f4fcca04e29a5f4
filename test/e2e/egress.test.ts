/** Where a function may connect to, for root and for a user without rights; the world is addresses of this test’s network. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADDRESSES, addDestinations, Destination } from '../harness/destinations.ts';
import { type Host, ownHost, type Served, strangerHost } from '../harness/hosts.ts';
import { ask, probeFunction, type Told } from '../harness/probe-function.ts';
import { until } from '../harness/until.ts';

const PORT = 9000;
const LOOPBACK = '127.0.0.1';

const test = suite('egress');

addDestinations();

test('E-110: a function reaches private and public addresses, but neither cloud metadata nor the host’s loopback', async () => {
	await openReach(ownHost);
});

test('E-111: an allow list opens exactly what it names, a metadata address included', async () => {
	await allowList(ownHost);
});

test('E-112: with egress none nothing is reached, and each refusal is logged with its destination', async () => {
	await noEgress(ownHost);
});

test('E-113: public destinations see publicSource, private ones the address that the host routes from', async () => {
	await publicSource(ownHost);
});

test('E-114: with disablePublicNetwork only private addresses are reached', async () => {
	await noPublicNetwork(ownHost);
});

test('E-115: for a user without rights the same destinations are reached and refused', async () => {
	const host = strangerHost();
	await openReach(host);
	await allowList(host);
	await noEgress(host);
	await publicSource(host);
	await noPublicNetwork(host);
});

async function openReach(host: Host): Promise<void> {
	await using world = await openWorld();
	await using served = await serveWith(host, 'open');
	reached(await served.connect(ADDRESSES.private));
	reached(await served.connect(ADDRESSES.public));
	for (const address of [ADDRESSES.metadata, LOOPBACK]) {
		refused(await served.connect(address));
		assert.equal(world.at(address).callers, []);
	}
	// In the instance 127.0.0.1 is its own; the host's can only be meant by another name of it.
	refused(await served.connect('[::ffff:127.0.0.1]'));
	assert.equal(world.at(LOOPBACK).callers, []);
}

async function allowList(host: Host): Promise<void> {
	await using world = await openWorld();
	const allow = [`${ADDRESSES.private}/32:${PORT}`, ADDRESSES.metadata];
	await using served = await serveWith(host, { mode: 'allow', allow });
	reached(await served.connect(ADDRESSES.private));
	reached(await served.connect(ADDRESSES.metadata));
	refused(await served.connect(ADDRESSES.private, PORT + 1));
	refused(await served.connect(ADDRESSES.public));
	assert.equal(world.at(ADDRESSES.public).callers, []);
}

async function noEgress(host: Host): Promise<void> {
	await using world = await openWorld();
	await using served = await serveWith(host, 'none');
	refused(await served.connect(ADDRESSES.private));
	refused(await served.connect(ADDRESSES.public));
	assert.equal(world.at(ADDRESSES.private).callers, []);
	assert.equal(world.at(ADDRESSES.public).callers, []);
	for (const address of [ADDRESSES.private, ADDRESSES.public]) {
		const record = await until(
			`a record of the refusal of ${address}`,
			() => served.running.records.find((found) => JSON.stringify(found).includes(address)) ?? null,
			5_000,
		);
		assert.is(record.level, 'warn');
	}
}

async function publicSource(host: Host): Promise<void> {
	await using world = await openWorld();
	await using served = await serveWith(host, { mode: 'open', publicSource: ADDRESSES.publicSource });
	reached(await served.connect(ADDRESSES.public));
	assert.equal(world.at(ADDRESSES.public).callers, [ADDRESSES.publicSource]);
	reached(await served.connect(ADDRESSES.private));
	assert.equal(world.at(ADDRESSES.private).callers, [ADDRESSES.private]);
}

async function noPublicNetwork(host: Host): Promise<void> {
	await using world = await openWorld();
	await using served = await serveWith(host, { mode: 'open', disablePublicNetwork: true });
	reached(await served.connect(ADDRESSES.private));
	refused(await served.connect(ADDRESSES.public));
	assert.equal(world.at(ADDRESSES.public).callers, []);
}

interface Connecting extends AsyncDisposable {
	readonly running: Served['running'];
	connect(address: string, port?: number): Promise<Told>;
}

async function serveWith(host: Host, egress: unknown): Promise<Connecting> {
	const folder = await probeFunction();
	const served = await host.serve({
		functions: {
			caller: { code: folder.path, timeout: 20, egress, routes: [{ path: '/', match: 'prefix' }] },
		},
	});
	return {
		running: served.running,
		connect: (address, port = PORT) => ask(served.running.url, '/connect', { to: `${address}:${port}` }),
		[Symbol.asyncDispose]: async () => {
			await served[Symbol.asyncDispose]();
			await folder[Symbol.asyncDispose]();
		},
	};
}

interface World extends AsyncDisposable {
	at(address: string): Destination;
}

async function openWorld(): Promise<World> {
	const addresses = [ADDRESSES.private, ADDRESSES.public, ADDRESSES.metadata, LOOPBACK];
	const opened = new Map<string, Destination>();
	for (const address of addresses) opened.set(address, await Destination.open(address, PORT));
	return {
		at: (address) => {
			const found = opened.get(address);
			if (found === undefined) throw new Error(`${address} is not of this world`);
			return found;
		},
		[Symbol.asyncDispose]: async () => {
			for (const destination of opened.values()) await destination[Symbol.asyncDispose]();
		},
	};
}

function reached(told: Told): void {
	assert.is(told.error, '', JSON.stringify(told));
	assert.match(String(told.line), /^\d+\./);
}

function refused(told: Told): void {
	assert.ok(told.error, JSON.stringify(told));
	assert.is(told.line ?? '', '');
}

test.run();
