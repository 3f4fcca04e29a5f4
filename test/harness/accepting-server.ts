/** A server that leaves the talking to the test, and whoever connects to it. */
import net from 'node:net';
import { ByteSocket } from './byte-socket.ts';

export class AcceptingServer implements AsyncDisposable {
	readonly port: number;
	/** Addresses of those who connected. */
	readonly callers: string[] = [];
	readonly #server: net.Server;
	readonly #sockets: net.Socket[] = [];
	#taken = 0;
	#wake: () => void = () => {};

	private constructor(server: net.Server) {
		this.#server = server;
		this.port = (server.address() as net.AddressInfo).port;
		server.on('connection', (socket) => {
			this.callers.push(socket.remoteAddress ?? '');
			socket.on('error', () => {});
			this.#sockets.push(socket);
			this.#wake();
		});
	}

	static async open(address: string): Promise<AcceptingServer> {
		const server = net.createServer({ allowHalfOpen: true });
		await new Promise<void>((resolve) => server.listen(0, address, resolve));
		return new AcceptingServer(server);
	}

	/** The oldest connection that was not taken. One caller at a time. */
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

	/** Closes its connections too. */
	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}
