/** Listening and connecting, by whichever implementation is the fastest on this engine. */
import { once } from '../base/once.ts';
import { bun } from './bun-api.ts';
import type { Connection, ConnectionHandler } from './connection.ts';
import { adoptBun, connectBun, listenBun } from './connection-bun.ts';
import { adoptNode, connectNode, listenNode } from './connection-node.ts';
import type { Listener, ListenOptions } from './listener.ts';
import { PrefaceAcceptor } from './preface.ts';
import { polledTransport } from './sockets-polled.ts';
import type { Transport } from './transport.ts';

const transport = once((): Transport => {
	if (bun === null) return { connect: connectNode, adopt: adoptNode, listen: listenNode };
	return polledTransport() ?? { connect: connectBun, adopt: adoptBun, listen: listenBun };
});

/**
 * Opens a TCP connection. `onOpen` comes once it is established; a failure comes as `handler.onClose(error)`.
 * What is written before it is open is sent when it is.
 */
export const connect: Transport['connect'] = (host, port, handler, onOpen) =>
	transport().connect(host, port, handler, onOpen);

/**
 * Listens. Rejects with the system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL; of a descriptor ENOTSOCK). A connection reaches
 * `accept` once its preface is read and its handshake done, where there are such.
 */
export async function listen(
	options: ListenOptions,
	accept: (connection: Connection) => ConnectionHandler,
): Promise<Listener> {
	const { preface, tls } = options;
	// Encrypted sockets are Node's on Bun too: see tls-acceptor.ts.
	if (tls !== undefined) return listenNode(options, accept);
	if (preface === undefined) return transport().listen(options, accept);
	const acceptor = new PrefaceAcceptor(preface, accept);
	const { place, close } = await transport().listen(options, acceptor.accept);
	return {
		place,
		close: (handedOver) => {
			acceptor.close();
			return close(handedOver);
		},
	};
}

/**
 * Makes a descriptor of a stream socket, connected or connecting, a connection of ours: closing it is then its business. With a
 * promise the connection is there at once and opens when the descriptor comes; a rejection comes as
 * `handler.onClose(error)`.
 */
export const adopt: Transport['adopt'] = (descriptor, handler, onOpen) =>
	transport().adopt(descriptor, handler, onOpen);

/** As `connect`, from an address of this host: for the few connections that need one. Bun's own sockets cannot choose it. */
export function connectFrom(
	localAddress: string,
	host: string,
	port: number,
	handler: ConnectionHandler,
	onOpen: () => void,
): Connection {
	return connectNode(host, port, handler, onOpen, localAddress);
}
