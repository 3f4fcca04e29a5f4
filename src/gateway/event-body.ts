/**
 * The body of an event as the bytes that it stands for. Base64 is decoded as it is read; a body that is text, or
 * Base64 written with JSON escapes, is read whole, because its length is not known before.
 */
import { RuntimeError } from '../contract/errors.ts';
import type { BodySpan } from '../contract/event-scanner.ts';
import { jsonStringBytes } from '../contract/json-string-bytes.ts';
import { LIMITS } from '../contract/limits.ts';
import { Base64Decoder } from '../http1/base64-decoder.ts';
import { ProtocolFault } from '../http1/protocol-fault.ts';
import { bodyTooLarge } from './request-body.ts';

/** Bytes of the event from one offset up to another, each piece until the next is asked for; may be called more than once. */
export type ReadEvent = (from?: number, to?: number) => AsyncIterable<Uint8Array>;

export interface EventBody {
	readonly bytes: number;
	/** Once; each is the reader's to give back. */
	slices(): AsyncIterable<Buffer>;
}

/** Every byte of a text can be written as six: \u0000. */
const ESCAPED_BYTES_MAX = 6 * 2 * LIMITS.requestBodyBytesMax;

/** Rejects with ERR_REQUEST_BODY_TOO_LARGE or ERR_EVENT_INVALID, here or while the slices are read. */
export async function eventBody(
	readEvent: ReadEvent,
	span: BodySpan | null,
	isBase64: boolean,
): Promise<EventBody> {
	if (span === null || span.start === span.end) return wholeBody(EMPTY);
	if (isBase64 && !span.escaped) return base64Body(readEvent, span);
	if (span.end - span.start > ESCAPED_BYTES_MAX)
		throw bodyTooLarge(`${span.end - span.start} bytes of JSON text`);
	const text = Buffer.from(jsonStringBytes(await readWhole(readEvent, span)));
	if (!isBase64) return wholeBody(text);
	const slices: Buffer[] = [];
	decode(new Base64Decoder(), text, true, (slice) => slices.push(slice));
	return wholeBody(Buffer.concat(slices));
}

function wholeBody(body: Buffer): EventBody {
	if (body.length > LIMITS.requestBodyBytesMax) throw bodyTooLarge(`${body.length} bytes`);
	return {
		bytes: body.length,
		async *slices() {
			if (body.length > 0) yield body;
		},
	};
}

async function base64Body(readEvent: ReadEvent, span: BodySpan): Promise<EventBody> {
	const textBytes = span.end - span.start;
	if (textBytes % 4 !== 0) throw notBase64('its length is not a multiple of four');
	const tail = await readWhole(readEvent, { start: span.end - 2, end: span.end });
	const padding = tail.toString('latin1') === '==' ? 2 : tail[1] === 0x3d ? 1 : 0;
	const bytes = (textBytes / 4) * 3 - padding;
	if (bytes > LIMITS.requestBodyBytesMax) throw bodyTooLarge(`${bytes} bytes`);
	return {
		bytes,
		async *slices() {
			const decoder = new Base64Decoder();
			let slices: Buffer[] = [];
			for await (const chunk of readEvent(span.start, span.end)) {
				decode(decoder, chunk, false, (slice) => slices.push(slice));
				yield* slices;
				slices = [];
			}
			decode(decoder, EMPTY, true, (slice) => slices.push(slice));
			yield* slices;
		},
	};
}

function decode(
	decoder: Base64Decoder,
	text: Uint8Array,
	last: boolean,
	sink: (slice: Buffer) => void,
): void {
	try {
		decoder.push(text, sink);
		if (last) decoder.end();
	} catch (error) {
		if (!(error instanceof ProtocolFault)) throw error;
		throw notBase64(error.message);
	}
}

function notBase64(why: string): RuntimeError {
	return new RuntimeError('ERR_EVENT_INVALID', `cannot read "body" of the event as Base64: ${why}`);
}

async function readWhole(readEvent: ReadEvent, span: { start: number; end: number }): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of readEvent(span.start, span.end)) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

const EMPTY = Buffer.alloc(0);
