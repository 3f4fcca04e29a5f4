/** A TCP socket for tests that speak byte for byte: what came, how it ended, and waits for both. */
import type net from 'node:net';

export type Ending = 'closed' | 'reset';

export class ByteSocket implements AsyncDisposable {
	readonly socket: net.Socket;
	/** Resolves when the peer has sent FIN. */
	readonly ended: Promise<void>;
	/** Resolves when the socket is gone: in order, or by a reset. */
	readonly closed: Promise<Ending>;
	#bytes: Buffer[] = [];
	#over = false;
	#wake: () => void = () => {};

	/** The socket is best made with `allowHalfOpen`, so that only the test ends its own side. */
	constructor(socket: net.Socket) {
		this.socket = socket;
		socket.setNoDelay(true);
		socket.on('data', (bytes: Buffer) => {
			this.#bytes.push(bytes);
			this.#wake();
		});
		this.ended = new Promise((resolve) => socket.once('end', () => resolve()));
		this.closed = new Promise((resolve) => {
			let ending: Ending = 'closed';
			socket.on('error', () => {
				ending = 'reset';
			});
			socket.once('close', () => resolve(ending));
		});
		const over = () => {
			this.#over = true;
			this.#wake();
		};
		void this.ended.then(over);
		void this.closed.then(over);
	}

	/** Everything received and not taken yet, as Latin-1 text. */
	get text(): string {
		return this.#join().toString('latin1');
	}

	get bytesWaiting(): number {
		return this.#bytes.reduce((sum, bytes) => sum + bytes.length, 0);
	}

	/** Text goes out as Latin-1. Resolves when the kernel has it. */
	send(bytes: string | Uint8Array): Promise<void> {
		const raw = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
		return new Promise((resolve) => this.socket.write(raw, () => resolve()));
	}

	/** Sends FIN; the peer may go on. */
	end(): void {
		this.socket.end();
	}

	reset(): void {
		this.socket.resetAndDestroy();
	}

	pause(): void {
		this.socket.pause();
	}

	resume(): void {
		this.socket.resume();
	}

	/** Takes everything up to and including `mark`. Rejects when the peer ends before. */
	async takeThrough(mark: string): Promise<string> {
		for (;;) {
			const bytes = this.#join();
			const at = bytes.indexOf(mark, 0, 'latin1');
			if (at >= 0) return this.#take(at + mark.length).toString('latin1');
			await this.#more(`before ${JSON.stringify(mark)}`);
		}
	}

	/** Takes exactly so many bytes. Rejects when the peer ends before. */
	async takeBytes(count: number): Promise<Buffer> {
		while (this.bytesWaiting < count) await this.#more(`${count - this.bytesWaiting} bytes short`);
		return this.#take(count);
	}

	/** Takes everything up to the peer's FIN. */
	async takeRest(): Promise<Buffer> {
		await Promise.race([this.ended, this.closed]);
		return this.#take(this.bytesWaiting);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.socket.destroy();
		await this.closed;
	}

	#join(): Buffer {
		const joined = this.#bytes.length === 1 ? this.#bytes[0] : undefined;
		if (joined !== undefined) return joined;
		const bytes = Buffer.concat(this.#bytes);
		this.#bytes = [bytes];
		return bytes;
	}

	#take(count: number): Buffer {
		const bytes = this.#join();
		this.#bytes = count < bytes.length ? [bytes.subarray(count)] : [];
		return bytes.subarray(0, count);
	}

	async #more(missing: string): Promise<void> {
		if (this.#over) throw new Error(`the peer ended ${missing}; it had sent ${this.text.slice(0, 2000)}`);
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
		});
	}
}
