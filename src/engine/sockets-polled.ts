/** Listening and connecting with descriptors of our own, which a PollLoop waits for. Where there is a wake for that: Bun on Linux. */
import { constants } from 'node:os';
import { addressBytes } from '../base/address-block.ts';
import { once } from '../base/once.ts';
import { PolledAcceptor } from './acceptor-polled.ts';
import { type Wake, wakeOn } from './bun-wake.ts';
import { PolledConnection } from './connection-polled.ts';
import { KernelError } from './kernel-error.ts';
import { nodeDns } from './late-builtins.ts';
import { type Libc, libc } from './libc.ts';
import { PollLoop } from './poll-loop.ts';
import { openListening } from './shared-listeners.ts';
import { socketAddress } from './socket-address.ts';
import { streamSocket } from './stream-socket.ts';
import type { Transport } from './transport.ts';
import { keepPlace } from './unix-path.ts';

const { EINPROGRESS } = constants.errno;

/** Null where it can not be had: the engine's own sockets are used then. */
export const polledTransport: () => Transport | null = once(() => {
	const calls = libc();
	return calls === null ? null : openPolled(calls);
});

/** One more, with a loop of its own; for `batchedMin` see PollLoop. */
export function openPolled(calls: Libc, batchedMin?: number): Transport | null {
	let wake: Wake | null = null;
	const loop = new PollLoop(calls, (used) => wake?.hold(used), batchedMin);
	wake = wakeOn(calls, loop.descriptor, () => loop.turn());
	if (wake !== null) return transportOn(calls, loop);
	calls.close(loop.descriptor);
	return null;
}

function transportOn(calls: Libc, loop: PollLoop): Transport {
	const adopt: Transport['adopt'] = (descriptor, handler, onOpen) => {
		const connection = new PolledConnection(calls, loop, handler, onOpen);
		// A number is taken later too: its owner does not have the connection yet.
		Promise.resolve(descriptor).then(
			(fd) => connection.begin(fd),
			(error: Error) => connection.close(error),
		);
		return connection;
	};
	return {
		adopt,
		connect: (host, port, handler, onOpen) => {
			const connection = adopt(connecting(calls, host, port), handler, onOpen);
			connection.remoteAddress = host;
			connection.remotePort = port;
			return connection;
		},
		listen: async ({ at, backlog }, accept) => {
			const { place, descriptor } = await openListening(at, backlog);
			const release = keepPlace(at);
			const acceptor = new PolledAcceptor(calls, loop, descriptor, accept);
			const close = (handedOver = false) => {
				acceptor.close();
				if (!handedOver) release();
				return Promise.resolve();
			};
			return { place, close };
		},
	};
}

/** A socket that is connecting; where its host is a name, that has to be looked up before. Rejects, never throws. */
function connecting(calls: Libc, host: string, port: number): number | Promise<number> {
	try {
		const address = addressOf(host, port);
		if (address !== null) return connectTo(calls, address);
	} catch (error) {
		return Promise.reject(error);
	}
	return lookUp(host).then((address) => connectTo(calls, socketAddress(address, port)));
}

/** The one that was asked for last: a function that takes one request a connection is connected to again and again. */
let known: { host: string; port: number; address: Buffer } = { host: '', port: 0, address: Buffer.alloc(0) };

/** Null where the host is a name. */
function addressOf(host: string, port: number): Buffer | null {
	if (host === known.host && port === known.port) return known.address;
	const bytes = addressBytes(host);
	if (bytes === null) return null;
	known = { host, port, address: socketAddress(bytes, port) };
	return known.address;
}

async function lookUp(host: string): Promise<readonly number[]> {
	const address = addressBytes((await nodeDns().lookup(host)).address);
	// Of one network interface only, which has no name here.
	if (address === null) throw new KernelError('connect', constants.errno.EADDRNOTAVAIL);
	return address;
}

function connectTo(calls: Libc, address: Buffer): number {
	const descriptor = streamSocket(calls, address.readUInt16LE());
	if (calls.connect(descriptor, address, address.length) === 0) return descriptor;
	const error = calls.lastErrorNumber();
	if (error === EINPROGRESS) return descriptor;
	calls.close(descriptor);
	throw new KernelError('connect', error);
}
