/**
 * Gets a response as the platform's envelope: a ready-made JSON head, the body in Base64 as it flows, a tail. Each
 * piece is handed on before the next is taken, so memory does not grow with the body.
 */
import { ENVELOPE_TAIL, envelopeHead } from '../contract/envelope.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { ConnectionHandler } from '../engine/connection.ts';
import { giveBack } from '../engine/give-back.ts';
import { Base64Encoder } from '../http1/base64-encoder.ts';
import { fieldPairs } from '../http1/field-pairs.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ExchangeClient } from './exchange-client.ts';

/** Resolves when there is room for more. The bytes are the writer's to give back. */
export type WriteEnvelope = (bytes: Uint8Array) => Promise<void>;

export class EnvelopeClient implements ExchangeClient {
	/** The function's status code, once the whole envelope is written. */
	readonly statusCode: Promise<number>;
	readonly #result = Promise.withResolvers<number>();
	readonly #write: WriteEnvelope;
	readonly #onRoom: () => void;
	readonly #encoder = new Base64Encoder();
	#status = 0;
	#pending: Buffer[] = [];
	/** Of the response, encoded already. */
	#encoded: Buffer[] = [];
	/** A body of known length has one slice of each read, with no more than the head before it. */
	#oneSliceEach = false;
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
		this.#encoded.push(slice);
		this.#encoder.push(slice, this.#put);
		return !this.#writing;
	}

	flush(): void {}

	end(): void {
		this.#encoder.end(this.#put);
		this.#ended = true;
		this.#put(Buffer.from(ENVELOPE_TAIL, 'utf8'));
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
		this.#oneSliceEach = head.contentLength >= 0;
		const fields = [...fieldPairs(head.kept), ['X-Cff-Request-Id', requestId] as const];
		this.#put(Buffer.from(envelopeHead(head.status, fields), 'utf8'));
	}

	readonly #put = (piece: Buffer): void => {
		this.#pending.push(piece);
		if (this.#writing) return;
		this.#writing = true;
		void this.#drain();
	};

	async #drain(): Promise<void> {
		try {
			for (let pieces = this.#takePending(); pieces.length > 0; pieces = this.#takePending()) {
				for (const piece of pieces) await this.#write(piece);
				this.#giveBackEncoded();
			}
		} catch (error) {
			this.#fail(new RuntimeError('ERR_INTERNAL', 'the envelope could not be written', { cause: error }));
			return;
		}
		this.#writing = false;
		if (this.#ended) this.#result.resolve(this.#status);
		else this.#onRoom();
	}

	#takePending(): Buffer[] {
		const pieces = this.#pending;
		this.#pending = [];
		return pieces;
	}

	#giveBackEncoded(): void {
		for (const slice of this.#encoded) giveBack(slice, this.#oneSliceEach);
		this.#encoded = [];
	}

	#fail(error: RuntimeError): void {
		this.#held.resolve();
		this.#result.reject(error);
	}
}
