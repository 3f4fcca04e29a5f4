/** Connections on `node:net`: the implementation for Node and Deno. */
import type net from 'node:net';
import { boundPlace } from './bound-place.ts';
import { type Connection, type ConnectionHandler, KEEP_ALIVE_MS, type TlsSession } from './connection.ts';
import { nodeNet } from './late-builtins.ts';
import type { BoundPlace, Listener, ListenOptions, ListenPlace } from './listener.ts';
import { type SecuredSocket, TlsAcceptor } from './tls-acceptor.ts';
import { clearUnixPath, keepPlace } from './unix-path.ts';

/** Bytes queued on one connection before its writer is told to wait. */
const QUEUED_BYTES_MAX = 256 * 1024;

export function connectNode(
	host: string,
	port: number,
	handler: ConnectionHandler,
	onOpen: () => void,
	localAddress?: string,
): Connection {
	const connection = new NodeConnection(handler);
	const source = localAddress === undefined ? {} : { localAddress };
	const options = { host, port, noDelay: true, allowHalfOpen: true, ...source };
	connection.opened(nodeNet().connect(options, onOpen));
	return connection;
}

export function adoptNode(
	descriptor: number | Promise<number>,
	handler: ConnectionHandler,
	onOpen: () => void,
): Connection {
	const connection = new NodeConnection(handler);
	const begin = (fd: number): net.Socket => {
		const socket = new (nodeNet().Socket)({ fd, readable: true, writable: true, allowHalfOpen: true });
		return socket.setNoDelay(true);
	};
	const opened = (socket: net.Socket): void => {
		if (connection.opened(socket)) onOpen();
	};
	// A number is taken later too: its owner does not have the connection yet.
	const coming = Promise.resolve(descriptor).then(begin);
	void coming.then(opened, (error: Error) => connection.failed(error));
	return connection;
}

/**
 * Takes over a socket that another server accepted, such as `node:http` hands over with an upgrade. `early` was read from it
 * already.
 */
export function takeOverSocket(
	socket: net.Socket,
	early: Buffer,
	accept: (connection: Connection) => ConnectionHandler,
): void {
	const connection = new NodeConnection(IGNORE);
	if ('encrypted' in socket && socket.encrypted === true) {
		connection.tls = { protocol: 'http/1.1', serverName: null };
	}
	connection.opened(socket);
	connection.handler = accept(connection);
	if (early.length > 0) connection.handler.onData(early);
}

/** With TLS it reads prefaces too, because they come before the handshake; without, `listen` sees to them. */
export async function listenNode(
	options: ListenOptions,
	accept: (connection: Connection) => ConnectionHandler,
): Promise<Listener> {
	const { at, backlog, tls, preface = null } = options;
	const open = (connection: NodeConnection, socket: net.Socket): void => {
		connection.opened(socket);
		connection.handler = accept(connection);
	};
	const acceptor =
		tls === undefined
			? null
			: new TlsAcceptor(tls, preface, (secured) => open(NodeConnection.secured(secured), secured.secure));
	const onSocket = (socket: net.Socket): void => {
		if (acceptor === null) open(new NodeConnection(IGNORE), socket);
		else acceptor.accept(socket);
	};
	if (at.kind === 'unix') await clearUnixPath(at.path);
	const server = nodeNet().createServer({ noDelay: true, allowHalfOpen: true }, onSocket);
	const place = await listening(server, at, backlog);
	const release = keepPlace(at);
	const close = (handedOver = false) => {
		server.close();
		if (!handedOver) release();
		acceptor?.close();
		return Promise.resolve();
	};
	return { place, close };
}

function listening(server: net.Server, at: ListenPlace, backlog: number): Promise<BoundPlace> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		// `kind` is nothing to it, and host, port, path and fd are called the same.
		server.listen({ ...at, backlog }, () => {
			server.off('error', reject);
			const address = server.address();
			if (address !== null && typeof address !== 'string')
				resolve({ kind: 'tcp', host: address.address, port: address.port });
			else resolve(at.kind === 'descriptor' ? boundPlace(at.fd) : (at as BoundPlace));
		});
	});
}

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

class NodeConnection implements Connection {
	handler: ConnectionHandler;
	tls: TlsSession | null = null;
	remoteAddress = '';
	remotePort = 0;
	#socket: net.Socket | null = null;
	/** What lies below an encrypted socket: only it can be reset. */
	#raw: net.Socket | null = null;
	/** What was written before there was a socket. */
	#early: Uint8Array[] = [];
	#error: Error | null = null;
	#paused = false;
	#ending = false;
	#closing = false;
	#resetting = false;

	constructor(handler: ConnectionHandler) {
		this.handler = handler;
	}

	/** One that will be `opened` with the encrypted socket. */
	static secured({ raw, session, source }: SecuredSocket): NodeConnection {
		const connection = new NodeConnection(IGNORE);
		connection.tls = session;
		connection.#raw = raw;
		connection.remoteAddress = source?.address ?? '';
		connection.remotePort = source?.port ?? 0;
		return connection;
	}

	/** False: it was closed before there was a socket. */
	opened(socket: net.Socket): boolean {
		if (this.#closing) {
			if (this.#resetting) socket.resetAndDestroy();
			else socket.destroy();
			this.handler.onClose(null);
			return false;
		}
		this.#socket = socket;
		if (this.remoteAddress === '') {
			const { remoteAddress = '', remotePort = 0 } = this.#raw ?? socket;
			this.remoteAddress = remoteAddress;
			this.remotePort = remotePort;
		}
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
		if (this.#paused) socket.pause();
		this.#sendEarly(socket);
		return true;
	}

	/** There will be no socket. */
	failed(error: Error): void {
		this.#closing = true;
		this.handler.onClose(error);
	}

	get queued(): boolean {
		return this.#socket === null ? this.#early.length > 0 : this.#socket.writableLength > 0;
	}

	write(bytes: Uint8Array): boolean {
		if (this.#socket === null) {
			this.#early.push(bytes);
			return false;
		}
		this.#socket.write(bytes);
		return this.#socket.writableLength < QUEUED_BYTES_MAX;
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		const socket = this.#socket;
		if (socket === null) {
			this.#early.push(Buffer.from(head, 'latin1'));
			if (body !== null) this.#early.push(body);
			return false;
		}
		if (this.#raw !== null) {
			// One record; and Deno's encrypted sockets know no encoding but UTF-8.
			const start = Buffer.from(head, 'latin1');
			socket.write(body === null ? start : Buffer.concat([start, body]));
		} else if (body === null) {
			socket.write(head, 'latin1');
		} else {
			socket.cork();
			socket.write(head, 'latin1');
			socket.write(body);
			socket.uncork();
		}
		return socket.writableLength < QUEUED_BYTES_MAX;
	}

	keepAlive(): void {
		(this.#raw ?? this.#socket)?.setKeepAlive(true, KEEP_ALIVE_MS);
	}

	pause(): void {
		this.#paused = true;
		this.#socket?.pause();
	}

	resume(): void {
		this.#paused = false;
		this.#socket?.resume();
	}

	end(): void {
		this.#ending = true;
		this.#socket?.end();
	}

	destroy(): void {
		this.#closing = true;
		this.#socket?.destroy();
	}

	reset(): void {
		this.#closing = true;
		this.#resetting = true;
		this.#raw?.resetAndDestroy();
		// Sockets of another server may be of a kind that knows no reset.
		if (this.#raw === null && this.#socket?.resetAndDestroy !== undefined) this.#socket.resetAndDestroy();
		else this.#socket?.destroy();
	}

	#sendEarly(socket: net.Socket): void {
		const early = this.#early;
		this.#early = [];
		socket.cork();
		for (const bytes of early) socket.write(bytes);
		socket.uncork();
		if (this.#ending) socket.end();
		else if (early.length > 0 && !socket.writableNeedDrain) queueMicrotask(() => this.#drained());
	}

	#drained(): void {
		if (!this.#closing) this.handler.onDrain();
	}
}
