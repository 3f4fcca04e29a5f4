/** What our codec makes of a connection's bytes, put so that it can be compared with what another parser makes of them. */
import type { BodyReader } from '../src/http1/body-reader.ts';
import { ChunkedBody, CloseDelimitedBody, SizedBody } from '../src/http1/body-reader.ts';
import { fieldPairs } from '../src/http1/field-pairs.ts';
import { HeadBuffer } from '../src/http1/head-buffer.ts';
import { ProtocolFault } from '../src/http1/protocol-fault.ts';
import { parseRequestHead } from '../src/http1/request-head.ts';
import { isBodiless, parseResponseHead } from '../src/http1/response-head.ts';

export interface Message {
	/** Method and target, or status and reason. */
	readonly line: string;
	/** The fields to forward: those of the hop, framing and expectation are left out. */
	readonly fields: ReadonlyArray<readonly [string, string]>;
	/** Latin-1 text. */
	readonly body: string;
}

export interface Reading {
	/** The messages that came whole. */
	readonly messages: readonly Message[];
	/** Why the rest was refused, or null: then it is empty or the beginning of a message. */
	readonly fault: string | null;
	/** Bytes that belong to the messages that came whole, and empty lines before them. */
	readonly bytesRead: number;
}

export type Side = 'request' | 'response';

interface Begun {
	readonly line: string;
	readonly fields: Message['fields'];
	readonly body: BodyReader;
	readonly last: boolean;
}

const LIMITS = { lineBytesMax: 32_768, countMax: 256, targetBytesMax: 32_768 };
const HEAD_BYTES_MAX = 131_072;

const BEGIN: Readonly<Record<Side, (text: string) => Begun | null>> = {
	request: beginRequest,
	response: beginResponse,
};

/**
 * Reads requests until one ends its connection, or the answer to one GET. `reads` are the bytes as they came in.
 * Throws what is no ProtocolFault: that is a defect.
 */
export function readWithCodec(side: Side, reads: readonly Buffer[]): Reading {
	const connection = new CodecConnection(side);
	let fault: string | null = null;
	try {
		for (const bytes of reads) connection.push(bytes);
		connection.end();
	} catch (error) {
		if (!(error instanceof ProtocolFault)) throw error;
		fault = error.message;
	}
	return { messages: connection.messages, fault, bytesRead: connection.bytesRead };
}

class CodecConnection {
	readonly messages: Message[] = [];
	bytesRead = 0;
	readonly #side: Side;
	readonly #heads = new HeadBuffer(HEAD_BYTES_MAX);
	#begun: Begun | null = null;
	#slices: string[] = [];
	#pushedBytes = 0;
	#over = false;

	constructor(side: Side) {
		this.#side = side;
	}

	push(bytes: Buffer): void {
		let input = bytes;
		let at = 0;
		this.#pushedBytes += bytes.length;
		while (!this.#over && (at < input.length || this.#begun?.body.done)) {
			if (this.#begun === null) {
				const text = this.#heads.push(input, at);
				if (text === null) return;
				input = this.#heads.rest;
				at = this.#heads.restFrom;
				this.#begun = BEGIN[this.#side](text);
			} else {
				at = this.#begun.body.read(input, at, (slice) => this.#slices.push(slice.toString('latin1')));
				if (this.#begun.body.done) this.#finish(this.#begun, this.#pushedBytes - (input.length - at));
			}
		}
		// A message without a body is whole with its head.
		if (this.#begun?.body.done) this.#finish(this.#begun, this.#pushedBytes - (input.length - at));
	}

	end(): void {
		if (this.#begun?.body.end()) this.#finish(this.#begun, this.#pushedBytes);
	}

	#finish({ line, fields, last }: Begun, bytesRead: number): void {
		this.messages.push({ line, fields, body: this.#slices.join('') });
		this.bytesRead = bytesRead;
		this.#slices = [];
		this.#begun = null;
		this.#over = last;
	}
}

function beginRequest(text: string): Begun {
	const head = parseRequestHead(text, LIMITS, () => 'plain');
	const body = head.chunked ? new ChunkedBody() : new SizedBody(Math.max(0, head.contentLength));
	return {
		line: `${head.method} ${head.target}`,
		fields: fieldPairs(head.kept),
		body,
		last: !head.keepAlive,
	};
}

/** Null for an interim response, which has no body and does not count. */
function beginResponse(text: string): Begun | null {
	const head = parseResponseHead(text, LIMITS, () => false);
	if (head.status < 200 && head.status !== 101) return null;
	const line = `${head.status} ${head.reason}`;
	return { line, fields: fieldPairs(head.kept), body: responseBody(head), last: true };
}

function responseBody(head: ReturnType<typeof parseResponseHead>): BodyReader {
	if (isBodiless(head.status, 'GET')) return new SizedBody(0);
	if (head.chunked) return new ChunkedBody();
	return head.contentLength >= 0 ? new SizedBody(head.contentLength) : new CloseDelimitedBody();
}
