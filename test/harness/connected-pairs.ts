/** Connections that the C library opens: one end as a descriptor, the other as a socket for the test. */
import { libc } from '../../src/engine/libc.ts';
import { AcceptingServer } from './accepting-server.ts';
import type { ByteSocket } from './byte-socket.ts';

const AF_INET = 2;
const SOCK_STREAM_NONBLOCK_CLOEXEC = 0o2004001;

export class ConnectedPairs implements AsyncDisposable {
	readonly #server: AcceptingServer;

	private constructor(server: AcceptingServer) {
		this.#server = server;
	}

	static async open(): Promise<ConnectedPairs> {
		return new ConnectedPairs(await AcceptingServer.open('127.0.0.1'));
	}

	/** It may still be connecting. Whoever gets it closes it. */
	connectedFd(): number {
		const calls = libc();
		if (calls === null) throw new Error('the C library can not be called');
		const fd = calls.socket(AF_INET, SOCK_STREAM_NONBLOCK_CLOEXEC, 0);
		const address = Buffer.alloc(16);
		address.writeUInt16LE(AF_INET, 0);
		address.writeUInt16BE(this.#server.port, 2);
		Buffer.from([127, 0, 0, 1]).copy(address, 4);
		calls.connect(fd, address, address.length);
		return fd;
	}

	/** The other end of the oldest descriptor whose end was not taken. */
	accepted(): Promise<ByteSocket> {
		return this.#server.accepted();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server[Symbol.asyncDispose]();
	}
}
