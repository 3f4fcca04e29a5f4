/** Connections on Bun's own sockets, which cost less an event than Bun's node:net does on top of them. */
import { boundPlace } from './bound-place.ts';
import type { BunSocket, BunSocketCallbacks, BunSocketOwner } from './bun-api.ts';
import { bun } from './bun-api.ts';
import { type Connection, type ConnectionHandler, KEEP_ALIVE_MS } from './connection.ts';
import type { Listener, ListenOptions, ListenPlace } from './listener.ts';
import { clearUnixPath, keepPlace } from './unix-path.ts';

export function connectBun(
	host: string,
	port: number,
	handler: ConnectionHandler,
	onOpen: () => void,
): Connection {
	if (bun === null) throw new Error('connectBun needs Bun');
	const connection = new BunConnection(handler, onOpen);
	const options = { hostname: host, port, allowHalfOpen: true, socket: CALLBACKS, data: connection };
	// The failure reaches the owner through connectError; the promise says the same once more.
	bun.connect(options).catch((error: Error) => connection.closed(error));
	return connection;
}

export function adoptBun(
	descriptor: number | Promise<number>,
	handler: ConnectionHandler,
	onOpen: () => void,
): Connection {
	const connection = new BunConnection(handler, onOpen);
	const begin = (fd: number): void => {
		if (bun === null) throw new Error('adoptBun needs Bun');
		const options = { fd, allowHalfOpen: true, socket: CALLBACKS, data: connection };
		bun.connect(options).catch((error: Error) => connection.closed(error));
	};
	if (typeof descriptor === 'number') begin(descriptor);
	else descriptor.then(begin).catch((error: Error) => connection.closed(error));
	return connection;
}

/** Without TLS and prefaces: `listen` sees to both. */
export async function listenBun(
	{ at }: Pick<ListenOptions, 'at'>,
	accept: (connection: Connection) => ConnectionHandler,
): Promise<Listener> {
	if (bun === null) throw new Error('listenBun needs Bun');
	if (at.kind === 'unix') await clearUnixPath(at.path);
	const open = (socket: BunSocket) => {
		const connection = new BunConnection(null, null);
		socket.data = connection;
		connection.opened(socket);
		connection.handler = accept(connection);
	};
	const server = bun.listen({ ...placeOf(at), allowHalfOpen: true, socket: { ...CALLBACKS, open } });
	const release = keepPlace(at);
	const close = (handedOver = false) => {
		server.stop(false);
		if (!handedOver) release();
		return Promise.resolve();
	};
	const { hostname: host, port } = server;
	if (host !== undefined && port !== undefined) return { place: { kind: 'tcp', host, port }, close };
	return { place: at.kind === 'descriptor' ? boundPlace(at.fd) : at, close };
}

function placeOf(at: ListenPlace) {
	switch (at.kind) {
		case 'tcp':
			return { hostname: at.host, port: at.port };
		case 'unix':
			return { unix: at.path };
		case 'descriptor':
			return { fd: at.fd };
		default:
			return at satisfies never;
	}
}

const CALLBACKS: BunSocketCallbacks = {
	open: (socket) => socket.data.opened(socket),
	data: (socket, bytes) => socket.data.received(bytes),
	drain: (socket) => socket.data.drained(),
	end: (socket) => socket.data.ended(),
	close: (socket, error) => socket.data.closed(error ?? null),
	error: (socket, error) => socket.data.closed(error),
	connectError: (socket, error) => socket.data.closed(error),
};

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** Heads and the small bodies that follow them leave through this buffer: Bun's write copies at once. */
const SCRATCH = Buffer.allocUnsafe(64 * 1024);

class BunConnection implements Connection, BunSocketOwner {
	handler: ConnectionHandler;
	readonly tls = null;
	remoteAddress = '';
	remotePort = 0;
	#socket: BunSocket | null = null;
	readonly #onOpen: (() => void) | null;
	/** What the kernel has not taken yet, oldest first. */
	#queue: Uint8Array[] = [];
	#drainWanted = false;
	#paused = false;
	#ending = false;
	/** The peer's FIN was told. */
	#ended = false;
	#closing = false;
	#resetting = false;
	#closed = false;

	constructor(handler: ConnectionHandler | null, onOpen: (() => void) | null) {
		this.handler = handler ?? IGNORE;
		this.#onOpen = onOpen;
	}

	get queued(): boolean {
		return this.#queue.length > 0;
	}

	opened(socket: BunSocket): void {
		if (this.#closed) return;
		this.#socket = socket;
		this.remoteAddress = socket.remoteAddress ?? '';
		this.remotePort = socket.remotePort ?? 0;
		socket.setNoDelay(true);
		if (this.#closing) {
			if (this.#resetting) socket.terminate();
			else socket.close();
			return;
		}
		if (this.#paused) socket.pause();
		this.#onOpen?.();
		if (this.#queue.length > 0 || this.#ending) this.drained();
	}

	received(bytes: Buffer): void {
		if (!this.#closing) this.handler.onData(bytes);
	}

	drained(): void {
		this.#flush();
		if (this.#queue.length > 0 || this.#closing) return;
		if (this.#ending) {
			this.#socket?.shutdown();
		} else if (this.#drainWanted) {
			this.#drainWanted = false;
			this.handler.onDrain();
		}
	}

	ended(): void {
		if (this.#closing || this.#ended) return;
		this.#ended = true;
		this.handler.onEnd();
	}

	closed(error: Error | null): void {
		if (this.#closed) return;
		this.#closed = true;
		// Once we have sent FIN, Bun tells the peer's as the close only; whether it came decides if what came is complete.
		if (error === null && this.#ending) this.ended();
		this.#closing = true;
		this.#queue = [];
		this.handler.onClose(error);
	}

	write(bytes: Uint8Array): boolean {
		if (this.#closing || this.#ending) return true;
		if (this.#socket !== null && this.#queue.length === 0) {
			const written = Math.max(0, this.#socket.write(bytes));
			if (written === bytes.length) return true;
			this.#queue.push(bytes.subarray(written));
		} else {
			this.#queue.push(bytes);
		}
		this.#drainWanted = true;
		return false;
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		const bodyBytes = body === null ? 0 : body.length;
		const bytes = head.length + bodyBytes;
		if (this.#socket === null || this.#queue.length > 0 || bytes > SCRATCH.length || this.#ending) {
			const taken = this.write(Buffer.from(head, 'latin1'));
			return body === null ? taken : this.write(body);
		}
		if (this.#closing) return true;
		SCRATCH.write(head, 0, 'latin1');
		if (body !== null) SCRATCH.set(body, head.length);
		const written = Math.max(0, this.#socket.write(SCRATCH, 0, bytes));
		if (written === bytes) return true;
		this.#queue.push(Buffer.from(SCRATCH.subarray(written, bytes)));
		this.#drainWanted = true;
		return false;
	}

	keepAlive(): void {
		this.#socket?.setKeepAlive(true, KEEP_ALIVE_MS);
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
		if (this.#ending || this.#closing) return;
		this.#ending = true;
		if (this.#queue.length === 0) this.#socket?.shutdown();
	}

	destroy(): void {
		if (this.#closing) return;
		this.#closing = true;
		this.#socket?.close();
	}

	reset(): void {
		if (this.#closing) return;
		this.#closing = true;
		this.#resetting = true;
		this.#socket?.terminate();
	}

	#flush(): void {
		if (this.#socket === null) return;
		let sent = 0;
		for (const bytes of this.#queue) {
			const written = Math.max(0, this.#socket.write(bytes));
			if (written < bytes.length) {
				this.#queue[sent] = bytes.subarray(written);
				break;
			}
			sent++;
		}
		if (sent > 0) this.#queue.splice(0, sent);
	}
}
