/** Reads the body of a Request no faster than it is taken, one piece at a time. */
import { Buffer } from 'node:buffer';

export interface UploadSink {
	/** A piece is waited for: the next move is the client's. False: it has come. */
	awaiting(waiting: boolean): void;
	slice(slice: Buffer): void;
	end(): void;
	/** The client's side failed; or what it gave is no bytes, which is a TypeError. */
	failed(error: unknown): void;
}

export class FetchUpload {
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	readonly #sink: UploadSink;
	#released: PromiseWithResolvers<void> | null = null;
	#over = false;

	/** Throws a TypeError where somebody else reads the body already. */
	constructor(body: ReadableStream<Uint8Array>, sink: UploadSink) {
		this.#reader = body.getReader();
		this.#sink = sink;
	}

	start(): void {
		void this.#pump();
	}

	hold(hold: boolean): void {
		if (hold) this.#released ??= Promise.withResolvers();
		else this.#released?.resolve();
		if (!hold) this.#released = null;
	}

	/** Leaves what was not read to whoever made the Request. Twice is harmless. */
	leave(): void {
		if (this.#over) return;
		this.#over = true;
		this.hold(false);
		this.#reader.releaseLock();
	}

	/** Tells whoever made the Request that nobody wants its body. Twice is harmless. */
	cancel(reason: unknown): void {
		if (this.#over) return;
		this.#over = true;
		this.hold(false);
		this.#reader.cancel(reason).catch(() => {});
	}

	async #pump(): Promise<void> {
		try {
			for (;;) {
				await this.#released?.promise;
				if (this.#over) return;
				this.#sink.awaiting(true);
				const { done, value } = await this.#reader.read();
				if (this.#over) return;
				this.#sink.awaiting(false);
				if (done) break;
				if (!(value instanceof Uint8Array))
					throw new TypeError('a request body has pieces that are no Uint8Array');
				if (value.length > 0) this.#sink.slice(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
			}
		} catch (error) {
			if (!this.#over) this.#sink.failed(error);
			return;
		}
		this.#over = true;
		this.#sink.end();
	}
}
