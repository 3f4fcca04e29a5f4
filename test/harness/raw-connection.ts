/** A TCP connection for what no HTTP client would send: bytes out, and everything that comes back. */
import { connect, type Socket } from 'node:net';

export class RawConnection implements AsyncDisposable {
	readonly socket: Socket;
	readonly #closed: Promise<void>;
	#received: Buffer[] = [];
	#wake: () => void = () => {};

	constructor(socket: Socket) {
		this.socket = socket;
		socket.setNoDelay(true);
		socket.on('data', (bytes: Buffer) => {
			this.#received.push(bytes);
			this.#wake();
		});
		socket.on('error', () => {});
		this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
		void this.#closed.then(() => this.#wake());
	}

	static open(port: number): Promise<RawConnection> {
		return new Promise((resolve, reject) => {
			const socket = connect(port, '127.0.0.1');
			socket.once('error', reject);
			socket.once('connect', () => resolve(new RawConnection(socket)));
		});
	}

	get received(): string {
		return Buffer.concat(this.#received).toString('latin1');
	}

	send(text: string): void {
		this.socket.write(text, 'latin1');
	}

	/** Sends a byte a packet, each after the one before has left. */
	async sendSlowly(text: string): Promise<void> {
		for (const byte of Buffer.from(text, 'latin1')) {
			await new Promise<void>((resolve) => this.socket.write(Buffer.of(byte), () => resolve()));
		}
	}

	/** Resolves with all that was received once it matches; rejects when the connection closes before. */
	async until(pattern: RegExp): Promise<string> {
		while (!pattern.test(this.received)) {
			if (this.socket.destroyed) throw new Error(`closed before ${pattern}: ${this.received.slice(0, 2000)}`);
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		return this.received;
	}

	/** Resolves with all that was received when the connection has closed. */
	async untilClosed(): Promise<Buffer> {
		await this.#closed;
		return Buffer.concat(this.#received);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.socket.destroy();
		await this.#closed;
	}
}
