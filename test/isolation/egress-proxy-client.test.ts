/** Needs a network of its own, and root there: the destinations are addresses of it. */
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { EgressPolicy } from '../../src/isolation/egress-policy.ts';
import { EgressProxyClient } from '../../src/isolation/egress-proxy-client.ts';
import { EgressRefusals } from '../../src/isolation/egress-refusals.ts';
import { EgressRelay } from '../../src/isolation/egress-relay.ts';
import { kernel } from '../../src/isolation/kernel.ts';
import type { ByteSocket } from '../harness/byte-socket.ts';
import { ConnectedPairs } from '../harness/connected-pairs.ts';
import { ADDRESSES, addDestinations, Destination } from '../harness/destinations.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('egress proxy client');
const PORT = 9_000;

if ('Deno' in globalThis) {
	test('N-72: an engine that cannot call the C library has no proxy', () => {
		assert.throws(() => kernel(), /C library/);
	});
} else {
	addDestinations();
	relayTests();
	refusalTests();
}

function relayTests(): void {
	test('N-72: a tunnel leads to its destination, with what came after its head', async () => {
		await using bed = await Bed.open({});
		await using echo = await Echo.open();
		await using client = await bed.connect();
		await client.send(`CONNECT ${ADDRESSES.private}:${echo.port} HTTP/1.1\r\n\r\nearly `);
		assert.match(await client.takeThrough('\r\n\r\n'), /^HTTP\/1\.1 200 /);
		await client.send('late');
		client.end();
		assert.is((await client.takeRest()).toString(), 'early late');
		assert.equal(bed.log.records, []);
	});

	test('N-72: a request for a URL leads to its host', async () => {
		await using bed = await Bed.open({});
		await using echo = await Echo.open();
		await using client = await bed.connect();
		await client.send(`GET http://${ADDRESSES.private}:${echo.port}/x HTTP/1.1\r\nHost: y\r\n\r\n`);
		client.end();
		const host = `${ADDRESSES.private}:${echo.port}`;
		assert.is(
			(await client.takeRest()).toString(),
			`GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
		);
	});
}

function refusalTests(): void {
	test('N-72: an address, and a name by the address it has, are refused with 403 and told', async () => {
		await using bed = await Bed.open({});
		await using loopback = await Destination.open('127.0.0.1', PORT);
		for (const host of [ADDRESSES.metadata, '[::ffff:127.0.0.1]', 'localhost', 'host.httpfn.internal']) {
			assert.is(await bed.ask(`CONNECT ${host}:${PORT} HTTP/1.1\r\n\r\n`), 403, host);
		}
		assert.equal(loopback.callers, []);
		assert.equal(
			bed.log.records.map(({ fields }) => fields.reason),
			['metadata', 'loopback', 'loopback', 'loopback'],
		);
	});

	test('N-72: a name that is not listed is not looked up', async () => {
		await using bed = await Bed.open({ mode: 'allow', allow: ['a.example'] });
		assert.is(await bed.ask('CONNECT b.example:443 HTTP/1.1\r\n\r\n'), 403);
		assert.equal(bed.log.records[0]?.fields, { destination: 'b.example', port: 443, reason: 'not-listed' });
	});

	test('N-72: the host’s loopback, where it is allowed, is reached by its name', async () => {
		await using bed = await Bed.open({ allow: ['127.0.0.1'] });
		await using loopback = await Destination.open('127.0.0.1', PORT);
		await using client = await bed.connect();
		await client.send(`CONNECT host.httpfn.internal:${PORT} HTTP/1.1\r\n\r\n`);
		assert.match(await client.takeThrough('\r\n\r\n'), /^HTTP\/1\.1 200 /);
		assert.is((await client.takeRest()).toString(), '127.0.0.1\n');
		assert.is(loopback.callers.length, 1);
	});

	test('N-72: what cannot be reached or resolved is 502, what is no request 400', async () => {
		await using bed = await Bed.open({});
		assert.is(await bed.ask(`CONNECT ${ADDRESSES.private}:9 HTTP/1.1\r\n\r\n`), 502);
		assert.is(await bed.ask('CONNECT no-such-name.invalid:9 HTTP/1.1\r\n\r\n'), 502);
		assert.is(bed.log.records[0]?.fields.reason, 'ECONNREFUSED');
		assert.is(bed.log.records.length, 2);
		assert.is(await bed.ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 400);
	});

	test('N-72: a client that leaves while it is judged or connected takes everything with it', async () => {
		await using bed = await Bed.open({});
		const partial = await bed.connect();
		await partial.send('CONNECT a');
		partial.end();
		await partial.closed;
		const leaving = await bed.connect();
		await leaving.send('CONNECT no-such-name.invalid:9 HTTP/1.1\r\n\r\n');
		leaving.reset();
	});
}

class Bed implements AsyncDisposable {
	readonly log = new RecordingLog();
	readonly #pairs: ConnectedPairs;
	readonly #policy: EgressPolicy;
	readonly #refusals = new EgressRefusals(this.log);
	readonly #relay: EgressRelay;

	private constructor(pairs: ConnectedPairs, settings: EgressSettings) {
		this.#pairs = pairs;
		this.#policy = new EgressPolicy(settings);
		const [policy, refusals] = [this.#policy, this.#refusals];
		this.#relay = new EgressRelay({ kernel: kernel(), settings, policy, refusals });
	}

	static async open(settings: Partial<EgressSettings>): Promise<Bed> {
		const whole = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false, ...settings };
		return new Bed(await ConnectedPairs.open(), whole as EgressSettings);
	}

	/** The function's end of a connection to the proxy. */
	async connect(): Promise<ByteSocket> {
		const fd = this.#pairs.connectedFd();
		const socket = await this.#pairs.accepted();
		const [relay, policy, refusals] = [this.#relay, this.#policy, this.#refusals];
		new EgressProxyClient(fd, { relay, policy, refusals });
		return socket;
	}

	/** The status of an answer that ends the connection. */
	async ask(request: string): Promise<number> {
		await using client = await this.connect();
		await client.send(request);
		const answer = (await client.takeRest()).toString();
		client.end();
		await client.closed;
		return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#relay.close();
		await this.#pairs[Symbol.asyncDispose]();
	}
}

class Echo implements AsyncDisposable {
	readonly port: number;
	readonly #close: () => Promise<void>;

	private constructor(port: number, close: () => Promise<void>) {
		this.port = port;
		this.#close = close;
	}

	static async open(): Promise<Echo> {
		const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
		await new Promise<void>((resolve) => server.listen(0, ADDRESSES.private, resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
		return new Echo(address.port, () => new Promise((resolve) => server.close(() => resolve())));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#close();
	}
}

test.run();
