/** An answer of the control plane that is sent piece by piece, no faster than the client takes it. */
import type { ServerResponse } from 'node:http';
import { giveBack } from '../engine/give-back.ts';

export class Reply {
	/** Aborted when the client is gone before its answer was whole. */
	readonly signal: AbortSignal;
	/** Aborted when the server stops: an answer that could go on for ever ends then. */
	readonly draining: AbortSignal;
	readonly #response: ServerResponse;
	readonly #abort = new AbortController();
	/** Those who wait for the client to read on. */
	#onRoom: (() => void) | null = null;

	constructor(response: ServerResponse, draining: AbortSignal) {
		this.#response = response;
		this.draining = draining;
		this.signal = this.#abort.signal;
		response.on('drain', () => this.#room());
		response.on('close', () => {
			if (!response.writableFinished) this.#abort.abort();
			this.#room();
		});
		// A reset of the client is told by `close` as well.
		response.on('error', () => {});
	}

	/** The head is out: nothing but the body's rest can follow. */
	get begun(): boolean {
		return this.#response.headersSent;
	}

	head(status: number, headers: Readonly<Record<string, string>>): void {
		this.#response.writeHead(status, { ...headers });
	}

	/**
	 * Resolves when there is room for more. Rejects with AbortError where the client is gone. One write at a time; the bytes are given
	 * back when they have left.
	 */
	async write(bytes: Uint8Array): Promise<void> {
		this.signal.throwIfAborted();
		if (this.#response.write(bytes, () => giveBack(bytes))) return;
		await new Promise<void>((resolve) => {
			this.#onRoom = resolve;
		});
		this.signal.throwIfAborted();
	}

	end(bytes?: Uint8Array | string): void {
		this.#response.end(bytes);
	}

	/** The answer can not be made whole: the client is to see that. */
	cut(): void {
		this.#response.destroy();
	}

	#room(): void {
		this.#onRoom?.();
		this.#onRoom = null;
	}
}
