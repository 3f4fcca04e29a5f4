/** Connections that the C library opens: one end as a descriptor, the other as a socket for the test. */
import net from 'node:net';
import { libc } from '../../src/engine/libc.ts';
import { ByteSocket } from './byte-socket.ts';

const AF_INET = 2;
const SOCK_STREAM_NONBLOCK_CLOEXEC = 0o2004001;

export class ConnectedPairs implements AsyncDisposable {
	readonly #server: net.Server;
	readonly #port: number;
	readonly #sockets: net.Socket[] = [];
	#taken = 0;
	#wake: () => void = () => {};

	private constructor(server: net.Server) {
		this.#server = server;
		this.#port = (server.address() as net.AddressInfo).port;
		server.on('connection', (socket) => {
			socket.on('error', () => {});
			this.#sockets.push(socket);
			this.#wake();
		});
	}

	static async open(): Promise<ConnectedPairs> {
		const server = net.createServer({ allowHalfOpen: true });
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return new ConnectedPairs(server);
	}

	/** It may still be connecting. Whoever gets it closes it. */
	connectedFd(): number {
		const calls = libc();
		if (calls === null) throw new Error('the C library can not be called');
		const fd = calls.socket(AF_INET, SOCK_STREAM_NONBLOCK_CLOEXEC, 0);
		const address = Buffer.alloc(16);
		address.writeUInt16LE(AF_INET, 0);
		address.writeUInt16BE(this.#port, 2);
		Buffer.from([127, 0, 0, 1]).copy(address, 4);
		calls.connect(fd, address, address.length);
		return fd;
	}

	/** The other end of the oldest descriptor whose end was not taken. */
	async accepted(): Promise<ByteSocket> {
		for (;;) {
			const socket = this.#sockets[this.#taken];
			if (socket !== undefined) {
				this.#taken += 1;
				return new ByteSocket(socket);
			}
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}
