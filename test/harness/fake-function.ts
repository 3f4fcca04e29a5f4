/** A function scripted byte for byte: a TCP server whose connections the test takes one by one. */
import net from 'node:net';
import { ByteSocket } from './byte-socket.ts';
import { type Fields, fieldsOf } from './fields.ts';

export interface ReceivedHead extends Fields {
	readonly requestLine: string;
}

/** A connection of the gateway, seen from the function. */
export class FunctionPeer extends ByteSocket {
	/** The next request's head. */
	async head(): Promise<ReceivedHead> {
		const head = await this.takeThrough('\r\n\r\n');
		return { ...fieldsOf(head), requestLine: head.slice(0, head.indexOf('\r\n')) };
	}

	/** Answers 200 with a Content-Length and these lines. */
	reply(body: string | Uint8Array = '', ...lines: string[]): Promise<void> {
		const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
		const head = ['HTTP/1.1 200 OK', `Content-Length: ${bytes.length}`, ...lines].join('\r\n');
		return this.send(Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes]));
	}
}

export class FakeFunction implements AsyncDisposable {
	readonly #server: net.Server;
	readonly #peers: FunctionPeer[] = [];
	readonly #waiting: ((peer: FunctionPeer) => void)[] = [];
	readonly #all: FunctionPeer[] = [];

	constructor(server: net.Server) {
		this.#server = server;
		server.on('connection', (socket) => {
			const peer = new FunctionPeer(socket);
			this.#all.push(peer);
			const take = this.#waiting.shift();
			if (take === undefined) this.#peers.push(peer);
			else take(peer);
		});
	}

	static listen(): Promise<FakeFunction> {
		const server = net.createServer({ allowHalfOpen: true });
		return new Promise((resolve, reject) => {
			server.once('error', reject);
			server.listen(0, '127.0.0.1', () => resolve(new FakeFunction(server)));
		});
	}

	get port(): number {
		const address = this.#server.address();
		if (address === null || typeof address === 'string') throw new Error('the function does not listen');
		return address.port;
	}

	/** How many connections came so far. */
	get connections(): number {
		return this.#all.length;
	}

	/** The next connection that nobody has taken. */
	peer(): Promise<FunctionPeer> {
		const peer = this.#peers.shift();
		if (peer !== undefined) return Promise.resolve(peer);
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		for (const peer of this.#all) peer.socket.destroy();
		await closed;
	}
}
