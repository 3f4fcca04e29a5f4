/**
 * The body of one request on a stream. One of known length flows to the function; any other is held until it is whole, as a chunked
 * one is. The client may send more only as the function takes it: what waits here is bounded by the stream's window, and counted with
 * all that is held.
 */
import { monotonicMs } from '../../base/clock.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { ServerStream } from '../../http2/server-stream.ts';
import type { RequestTaker } from '../exchange-client.ts';
import type { HeldBody } from '../held-bytes.ts';
import { hold, slowRequest } from '../request-body.ts';

export class StreamBody {
	readonly #stream: ServerStream;
	readonly #declaredBytes: number;
	readonly #sinceMs = monotonicMs();
	/** All of a body of unknown length; of one of known length, what the function does not take yet. */
	readonly #held: HeldBody;
	/** Null: it is held until it is whole. */
	#taker: RequestTaker | null = null;
	#bytes = 0;
	#paused = false;
	/** Bytes that the function was given, and has not taken. */
	#givenBytes = 0;
	#ended = false;

	/** `declaredBytes` is -1 where the client did not say. */
	constructor(stream: ServerStream, held: HeldBody, declaredBytes: number) {
		this.#stream = stream;
		this.#declaredBytes = declaredBytes;
		this.#held = held;
	}

	/** True where the next move is the client's. */
	get awaited(): boolean {
		return !this.#ended && !this.#paused;
	}

	flowTo(taker: RequestTaker): void {
		this.#taker = taker;
	}

	/** False: more came than was declared. Throws a RuntimeError where it is too large, or too slow. */
	add(slice: Buffer): boolean {
		this.#bytes += slice.length;
		if (this.#declaredBytes >= 0 && this.#bytes > this.#declaredBytes) return false;
		if (monotonicMs() - this.#sinceMs > LIMITS.requestBodyMsMax) throw slowRequest('body');
		if (this.#taker === null) {
			hold(this.#held, slice);
			this.#stream.done(slice.length);
		} else if (!this.#paused) {
			this.#give(this.#taker, slice);
		} else if (this.#held.add(slice) !== 'held') {
			throw new RuntimeError('ERR_OVERLOADED', 'too many request bodies are held in memory at once');
		}
		return true;
	}

	/** False: less came than was declared. Otherwise the held body, or null for one that flows. */
	end(): HeldBody | null | false {
		if (this.#declaredBytes >= 0 && this.#bytes !== this.#declaredBytes) return false;
		this.#ended = true;
		if (this.#taker === null) return this.#held;
		if (this.#held.bytes === 0) this.#taker.requestEnd();
		return null;
	}

	/** The function takes no more, or goes on. */
	pause(paused: boolean): void {
		this.#paused = paused;
		const taker = this.#taker;
		if (paused || taker === null) return;
		this.#stream.done(this.#givenBytes);
		this.#givenBytes = 0;
		if (this.#held.bytes === 0) return;
		this.#held.handTo((slice) => {
			this.#give(taker, slice);
			return !this.#paused;
		});
		if (this.#ended && this.#held.bytes === 0) taker.requestEnd();
	}

	/** Nothing more is handed over. Twice is harmless. */
	release(): void {
		this.#held.release();
		this.#givenBytes = 0;
		this.#paused = true;
	}

	#give(taker: RequestTaker, slice: Buffer): void {
		taker.requestBody(slice);
		if (this.#paused) this.#givenBytes += slice.length;
		else this.#stream.done(slice.length);
	}
}
