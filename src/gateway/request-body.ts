/**
 * The body of one request as it is read. One of known length flows to the exchange; a chunked one is held until it is
 * whole, because its length is not known before.
 */
import { monotonicMs } from '../base/clock.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import type { BodyReader } from '../http1/body-reader.ts';
import { ChunkedBody, SizedBody } from '../http1/body-reader.ts';
import type { BodySink } from '../http1/chunked-decoder.ts';
import type { HeldBody } from './held-bytes.ts';

export class RequestBody {
	readonly #reader: BodyReader;
	readonly #sink: BodySink;
	readonly #sinceMs = monotonicMs();
	/** What a chunked body has brought so far; null for a body of known length. */
	readonly held: HeldBody | null;

	/** A body of known length: `bytes` of them, each slice handed to `sink`. */
	static sized(bytes: number, sink: BodySink): RequestBody {
		return new RequestBody(new SizedBody(bytes), null, sink);
	}

	/** A body that goes into `held`. */
	static chunked(held: HeldBody): RequestBody {
		return new RequestBody(new ChunkedBody(), held, (slice) => hold(held, slice));
	}

	constructor(reader: BodyReader, held: HeldBody | null, sink: BodySink) {
		this.#reader = reader;
		this.#sink = sink;
		this.held = held;
	}

	get done(): boolean {
		return this.#reader.done;
	}

	/**
	 * Reads from `from`; answers the index after the last byte that belongs to the body. Throws a ProtocolFault, or a
	 * RuntimeError where the body is too large or too slow.
	 */
	read(bytes: Buffer, from: number): number {
		const at = this.#reader.read(bytes, from, this.#sink);
		if (!this.done && monotonicMs() - this.#sinceMs > LIMITS.requestBodyMsMax) throw slowRequest('body');
		return at;
	}
}

export function bodyTooLarge(found: string): RuntimeError {
	const message = `request body is ${found}, the limit is ${LIMITS.requestBodyBytesMax} bytes`;
	return new RuntimeError('ERR_REQUEST_BODY_TOO_LARGE', message);
}

/** Beyond what the gateway takes, whatever a function may. */
export function entityTooLarge(bytes: number): RuntimeError {
	const message = `Request entity too large: ${bytes} bytes, the gateway takes ${LIMITS.gatewayBodyBytesMax}`;
	return new RuntimeError('ERR_GATEWAY_BODY_TOO_LARGE', message);
}

export function slowRequest(part: 'head' | 'body'): RuntimeError {
	return new RuntimeError('ERR_REQUEST_TIMEOUT', `the request ${part} did not arrive in time`);
}

/** Holds a slice of a body of unknown length. Throws where it is too large, or nothing more can be held. */
export function hold(held: HeldBody, slice: Buffer): void {
	const outcome = held.add(slice);
	if (outcome === 'too-large') throw bodyTooLarge('larger');
	if (outcome === 'no-room') {
		throw new RuntimeError('ERR_OVERLOADED', 'too many request bodies are held in memory at once');
	}
}
