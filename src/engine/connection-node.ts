/** Connections on `node:net`: the implementation for Node and Deno. */
import type net from 'node:net';
import type { Connection, ConnectionHandler, Listener, ListenOptions } from './connection.ts';
import { nodeNet } from './node-net.ts';

/** Bytes queued on one connection before its writer is told to wait. */
const QUEUED_BYTES_MAX = 256 * 1024;

export function connectNode(
	host: string,
	port: number,
	handler: ConnectionHandler,
	onOpen: () => void,
): Connection {
	const socket = nodeNet().connect({ host, port, noDelay: true, allowHalfOpen: true }, onOpen);
	return new NodeConnection(socket, handler);
}

export function listenNode(
	options: ListenOptions,
	accept: (connection: Connection) => ConnectionHandler,
): Promise<Listener> {
	const server = nodeNet().createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
		const connection = new NodeConnection(socket, IGNORE);
		connection.handler = accept(connection);
	});
	const close = () => {
		server.close();
		return Promise.resolve();
	};
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host: options.host, port: options.port, backlog: options.backlog }, () => {
			server.off('error', reject);
			const address = server.address();
			if (address === null || typeof address === 'string')
				throw new Error('a TCP listener has a TCP address');
			resolve({ host: address.address, port: address.port, close });
		});
	});
}

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

class NodeConnection implements Connection {
	handler: ConnectionHandler;
	readonly remoteAddress: string;
	readonly remotePort: number;
	readonly #socket: net.Socket;
	#error: Error | null = null;
	#closing = false;

	constructor(socket: net.Socket, handler: ConnectionHandler) {
		this.handler = handler;
		this.#socket = socket;
		this.remoteAddress = socket.remoteAddress ?? '';
		this.remotePort = socket.remotePort ?? 0;
		socket.on('data', (bytes: Buffer) => {
			if (!this.#closing) this.handler.onData(bytes);
		});
		socket.on('drain', () => {
			if (!this.#closing) this.handler.onDrain();
		});
		socket.on('end', () => {
			if (!this.#closing) this.handler.onEnd();
		});
		socket.on('error', (error) => {
			this.#error = error;
		});
		socket.on('close', () => {
			this.#closing = true;
			this.handler.onClose(this.#error);
		});
	}

	get queued(): boolean {
		return this.#socket.writableLength > 0;
	}

	write(bytes: Uint8Array): boolean {
		this.#socket.write(bytes);
		return this.#socket.writableLength < QUEUED_BYTES_MAX;
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		if (body === null) {
			this.#socket.write(head, 'latin1');
		} else {
			this.#socket.cork();
			this.#socket.write(head, 'latin1');
			this.#socket.write(body);
			this.#socket.uncork();
		}
		return this.#socket.writableLength < QUEUED_BYTES_MAX;
	}

	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	end(): void {
		this.#socket.end();
	}

	destroy(): void {
		this.#closing = true;
		this.#socket.destroy();
	}

	reset(): void {
		this.#closing = true;
		this.#socket.resetAndDestroy();
	}
}
