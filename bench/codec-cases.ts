/** The work of the codec benchmark: what a request costs in the HTTP/1.1 and Base64 code, without any socket. */

import { ENVELOPE_TAIL, envelopeHead } from '../src/contract/envelope.ts';
import { isReservedResponseHeader, requestFieldRole } from '../src/contract/headers.ts';
import { LIMITS } from '../src/contract/limits.ts';
import { giveBack } from '../src/engine/give-back.ts';
import { Base64Decoder } from '../src/http1/base64-decoder.ts';
import { Base64Encoder } from '../src/http1/base64-encoder.ts';
import { ChunkedDecoder } from '../src/http1/chunked-decoder.ts';
import { HeadBuffer } from '../src/http1/head-buffer.ts';
import { parseRequestHead } from '../src/http1/request-head.ts';
import { parseResponseHead } from '../src/http1/response-head.ts';
import type { InProcessCase } from './in-process-case.ts';

/** Heads in one run: a single one takes less than a clock can tell. */
const HEADS = 200;
const BODY_BYTES = 5_000_000;
/** What one read from a socket brings at most. */
const READ_BYTES = 65_536;
const CHUNK_BYTES = 8192;

const FIELD_LIMITS = { lineBytesMax: LIMITS.headerLineBytesMax, countMax: LIMITS.headerCountMax };
const REQUEST_LIMITS = { ...FIELD_LIMITS, targetBytesMax: LIMITS.targetBytesMax };

const BROWSER_FIELDS = `Host: 127.0.0.1:8080\r
Connection: keep-alive\r
Cache-Control: max-age=0\r
Upgrade-Insecure-Requests: 1\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36\r
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: en-GB,en;q=0.9\r
Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r
`;
const SMALL_REQUEST = 'GET /small HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n';
const BROWSER_REQUEST = `GET /orders/42?page=2&sort=asc HTTP/1.1\r\n${BROWSER_FIELDS}`;
const RESPONSE = `HTTP/1.1 200 OK\r
Content-Type: application/json; charset=utf-8\r
Content-Length: 48\r
Date: Sat, 01 Jan 2028 00:00:00 GMT\r
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"\r
Set-Cookie: session=0123456789abcdef; Path=/; HttpOnly\r
Connection: keep-alive\r
`;

export function codecCases(): InProcessCase[] {
	const body = Buffer.alloc(BODY_BYTES, 'the body of an answer, neither long nor short ');
	const text = body.toString('base64');
	const reads = slices(body, READ_BYTES);
	const textReads = slices(Buffer.from(text, 'latin1'), READ_BYTES);
	const chunkedReads = slices(chunked(body), READ_BYTES);
	return [
		heads('request head, 1 field', SMALL_REQUEST, requestHead),
		heads('request head, a browser’s 9 fields', BROWSER_REQUEST, requestHead),
		parsedHeads('request head parsed, 9 fields', BROWSER_REQUEST),
		heads('response head, 6 fields', RESPONSE, responseHead),
		bytes('chunked decode, 8 KiB chunks', null, () => decodeChunked(chunkedReads)),
		bytes(ENGINE_ENCODE, null, () => body.toString('base64').length),
		bytes('Base64 encode, as it flows', ENGINE_ENCODE, () => encode(reads)),
		bytes('envelope, as it flows', ENGINE_ENCODE, () => envelope(reads)),
		bytes('Base64 decode, one call of the engine', null, () => Buffer.from(text, 'base64').length),
		bytes('Base64 decode, as it flows', 'Base64 decode, one call of the engine', () => decode(textReads)),
	];
}

const ENGINE_ENCODE = 'Base64 encode, one call of the engine';
/** Of the answer that an envelope holds. */
const FIELDS = [
	['content-type', 'application/json; charset=utf-8'],
	['etag', '"33a64df551425fcc55e4d42a148795d9f25f89d4"'],
	['set-cookie', 'session=0123456789abcdef; Path=/; HttpOnly'],
] as const;

const requestHead = (text: string) => parseRequestHead(text, REQUEST_LIMITS, requestFieldRole);
const responseHead = (text: string) => parseResponseHead(text, FIELD_LIMITS, isReservedResponseHeader);

/** From the bytes of a head, as a socket would bring them, to what the gateway reads. */
function heads(
	name: string,
	head: string,
	parse: (text: string) => { readonly kept: string },
): InProcessCase {
	const input = Buffer.from(`${head}\r\n`, 'latin1');
	const run = (): number => {
		const buffer = new HeadBuffer(LIMITS.headBytesMax);
		let total = 0;
		for (let count = 0; count < HEADS; count += 1) total += parse(buffer.push(input, 0) ?? '').kept.length;
		return total;
	};
	return { name, amount: HEADS, unit: 'head', beside: null, run };
}

/** The parser alone, of a text that is there. */
function parsedHeads(name: string, head: string): InProcessCase {
	const run = (): number => {
		let total = 0;
		for (let count = 0; count < HEADS; count += 1) total += requestHead(head).kept.length;
		return total;
	};
	return { name, amount: HEADS, unit: 'head', beside: null, run };
}

function bytes(name: string, beside: string | null, run: () => number): InProcessCase {
	return { name, amount: BODY_BYTES, unit: 'byte', beside, run };
}

function decodeChunked(reads: readonly Buffer[]): number {
	const decoder = new ChunkedDecoder();
	let total = 0;
	for (const read of reads) {
		decoder.read(read, 0, (slice) => {
			total += slice.length;
		});
	}
	if (!decoder.done || total !== BODY_BYTES) throw new Error(`chunked decode gave ${total} bytes`);
	return total;
}

/** As invocations do: each piece is given back when it was written. */
function encode(reads: readonly Buffer[]): number {
	const encoder = new Base64Encoder();
	let total = 0;
	const sink = (piece: Buffer): void => {
		total += piece.length;
		giveBack(piece);
	};
	for (const read of reads) encoder.push(read, sink);
	encoder.end(sink);
	return total;
}

/** Head, body in Base64, tail: what an invocation answers. */
function envelope(reads: readonly Buffer[]): number {
	const head = Buffer.from(envelopeHead(200, FIELDS), 'utf8');
	return head.length + encode(reads) + ENVELOPE_TAIL.length;
}

function decode(reads: readonly Buffer[]): number {
	const decoder = new Base64Decoder();
	let total = 0;
	for (const read of reads) {
		decoder.push(read, (part) => {
			total += part.length;
			giveBack(part);
		});
	}
	decoder.end();
	if (total !== BODY_BYTES) throw new Error(`Base64 decode gave ${total} bytes`);
	return total;
}

function chunked(body: Buffer): Buffer {
	const parts = slices(body, CHUNK_BYTES).flatMap((slice) => [
		Buffer.from(`${slice.length.toString(16)}\r\n`, 'latin1'),
		slice,
		Buffer.from('\r\n', 'latin1'),
	]);
	return Buffer.concat([...parts, Buffer.from('0\r\n\r\n', 'latin1')]);
}

function slices(body: Buffer, size: number): Buffer[] {
	return Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
		body.subarray(index * size, (index + 1) * size),
	);
}
