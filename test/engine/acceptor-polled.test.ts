import net from 'node:net';
import { constants } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PolledAcceptor } from '../../src/engine/acceptor-polled.ts';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { type Libc, libc, requiredLibc } from '../../src/engine/libc.ts';
import { PollLoop } from '../../src/engine/poll-loop.ts';
import { openListening } from '../../src/engine/shared-listeners.ts';
import { polledTransport } from '../../src/engine/sockets-polled.ts';
import { until } from '../harness/until.ts';

const test = suite('PolledAcceptor');

const AT = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };
const O_NONBLOCK = 0o4000;
const [F_GETFL, F_SETFL] = [3, 4];

interface Bed extends Disposable {
	readonly loop: PollLoop;
	readonly accepted: Connection[];
	readonly client: net.Socket;
}

/** One client waits to be accepted. */
async function bed(calls: Libc): Promise<Bed> {
	const { place, descriptor } = await openListening(AT, 16);
	// As whoever hands sockets over may leave them.
	calls.fcntl(descriptor, F_SETFL, calls.fcntl(descriptor, F_GETFL, 0) & ~O_NONBLOCK);
	const loop = new PollLoop(calls, () => {});
	const accepted: Connection[] = [];
	const accept = (connection: Connection) => {
		accepted.push(connection);
		return IGNORE;
	};
	const acceptor = new PolledAcceptor(calls, loop, descriptor, accept);
	assert.ok(place.kind === 'tcp');
	const client = net.connect(place.port, place.host);
	await new Promise((resolve) => client.once('connect', resolve));
	const dispose = () => {
		client.destroy();
		for (const connection of accepted) connection.destroy();
		acceptor.close();
		acceptor.close();
		calls.close(loop.descriptor);
	};
	return { loop, accepted, client, [Symbol.dispose]: dispose };
}

if (libc() === null) {
	test('H-163: where the C library can not be called nobody accepts by it', () => {
		assert.is(polledTransport(), null);
	});
} else {
	test('H-163: a listening socket that would wait for the next connection does not', async () => {
		using waiting = await bed(requiredLibc());
		waiting.loop.turn();
		assert.is(waiting.accepted.length, 1);
		const { localPort } = waiting.client;
		const [{ remoteAddress, remotePort } = { remoteAddress: '', remotePort: 0 }] = waiting.accepted;
		assert.equal([remoteAddress, remotePort], ['127.0.0.1', localPort]);
	});

	test('H-163: where descriptors run out, those who wait are let wait for a while, and accepted then', async () => {
		let short = true;
		let tries = 0;
		const calls = requiredLibc();
		using waiting = await bed({
			...calls,
			accept4: (...given) => {
				tries += 1;
				return short ? -1 : calls.accept4(...given);
			},
			lastErrorNumber: () => (short ? constants.errno.EMFILE : calls.lastErrorNumber()),
		});
		for (let turn = 0; turn < 100; turn++) waiting.loop.turn();
		assert.is(tries, 1);
		short = false;
		await until('the connection is accepted', () => {
			waiting.loop.turn();
			return waiting.accepted.length === 1 ? true : null;
		});
	});
}

test.run();
