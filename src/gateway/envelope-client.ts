/**
 * Gets a response as the platform's envelope: a ready-made JSON head, the body in Base64 as it flows, a tail. Each
 * piece is handed on before the next is taken, so memory does not grow with the body.
 */
import { ENVELOPE_TAIL, envelopeHead } from '../contract/envelope.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { ConnectionHandler } from '../engine/connection.ts';
import { Base64Encoder } from '../http1/base64-encoder.ts';
import { fieldPairs } from '../http1/field-pairs.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ExchangeClient } from './exchange-client.ts';

/** Resolves when there is room for more. */
export type WriteEnvelope = (bytes: Uint8Array) => Promise<void>;

export class EnvelopeClient implements ExchangeClient {
	/** The function's status code, once the whole envelope is written. */
	readonly statusCode: Promise<number>;
	readonly #result = Promise.withResolvers<number>();
	readonly #write: WriteEnvelope;
	readonly #onRoom: () => void;
	readonly #encoder = new Base64Encoder();
	#status = 0;
	#pending: string[] = [];
	#writing = false;
	#ended = false;
	#held = Promise.withResolvers<void>();
	#holding = false;

	/** `onRoom` is called when the response may go on after `body` answered false. */
	constructor(write: WriteEnvelope, onRoom: () => void) {
		this.#write = write;
		this.#onRoom = onRoom;
		this.statusCode = this.#result.promise;
	}

	/** Resolves when the function takes more of the request's body. */
	async readyForBody(): Promise<void> {
		if (this.#holding) await this.#held.promise;
	}

	holdRequest(hold: boolean): void {
		if (hold === this.#holding) return;
		this.#holding = hold;
		if (hold) this.#held = Promise.withResolvers();
		else this.#held.resolve();
	}

	/** An envelope has one status: what comes before it is not told. */
	interim(): boolean {
		return true;
	}

	head(requestId: string, head: ResponseHead): void {
		this.#begin(requestId, head);
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#begin(requestId, head);
	}

	body(slice: Buffer): boolean {
		this.#encoder.push(slice, this.#put);
		return !this.#writing;
	}

	flush(): void {}

	end(): void {
		this.#encoder.end(this.#put);
		this.#ended = true;
		this.#put(ENVELOPE_TAIL);
	}

	fail(_requestId: string, error: RuntimeError): void {
		this.#fail(error);
	}

	/** Nobody reads the envelope any more. */
	abandon(): void {
		this.#fail(new RuntimeError('ERR_CLIENT_GONE', 'the caller left before the envelope was whole'));
	}

	tunnel(): ConnectionHandler {
		throw new Error('an invocation never asks for an upgrade');
	}

	endTunnel(): void {}

	#begin(requestId: string, head: ResponseHead): void {
		this.#status = head.status;
		const fields = [...fieldPairs(head.kept), ['X-Cff-Request-Id', requestId] as const];
		this.#put(envelopeHead(head.status, fields));
	}

	readonly #put = (text: string): void => {
		this.#pending.push(text);
		if (this.#writing) return;
		this.#writing = true;
		void this.#drain();
	};

	async #drain(): Promise<void> {
		try {
			for (let texts = this.#takePending(); texts.length > 0; texts = this.#takePending()) {
				for (const text of texts) await this.#write(Buffer.from(text, 'utf8'));
			}
		} catch (error) {
			this.#fail(new RuntimeError('ERR_INTERNAL', 'the envelope could not be written', { cause: error }));
			return;
		}
		this.#writing = false;
		if (this.#ended) this.#result.resolve(this.#status);
		else this.#onRoom();
	}

	#takePending(): string[] {
		const texts = this.#pending;
		this.#pending = [];
		return texts;
	}

	#fail(error: RuntimeError): void {
		this.#held.resolve();
		this.#result.reject(error);
	}
}
