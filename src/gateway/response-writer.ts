/**
 * Writes one response after another to a client. A head waits for the first body bytes, so that a small response
 * leaves in one packet; body slices are written as they came.
 */
import type { RuntimeError } from '../contract/errors.ts';
import { responseHeaderLines } from '../contract/headers.ts';
import type { Connection } from '../engine/connection.ts';
import { chunkedEnd, chunkPrefix } from '../http1/chunked-encoder.ts';
import { OK, type ResponseHead } from '../http1/response-head.ts';
import { errorAnswer } from './error-answer.ts';
import type { ErrorStyle } from './exchange-client.ts';

/** What becomes of the connection after the response, and how to say it. */
export type Persistence = 'keep' | 'keep-and-say-so' | 'close';

const CONNECTION_LINE = {
	keep: '',
	'keep-and-say-so': 'Connection: keep-alive\r\n',
	close: 'Connection: close\r\n',
} as const satisfies Record<Persistence, string>;

export class ResponseWriter {
	readonly #connection: Connection;
	#waitingHead = '';
	#chunks: 'none' | 'first' | 'more' = 'none';
	/** True from the moment a response has begun: an error can be answered only if it can be taken back. */
	begun = false;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	/** `bodyBytes` -1: the response tells no length. */
	head(requestId: string, head: ResponseHead, bodyBytes: number, persistence: Persistence): void {
		const length = bodyBytes < 0 ? '' : `Content-Length: ${bodyBytes}\r\n`;
		this.#begin(requestId, head, length + CONNECTION_LINE[persistence]);
	}

	/** A chunked response, or for an HTTP/1.0 client one that ends with its connection. */
	streamHead(requestId: string, head: ResponseHead, persistence: Persistence, chunked: boolean): void {
		this.#chunks = chunked ? 'first' : 'none';
		const coding = chunked ? 'Transfer-Encoding: chunked\r\n' : '';
		this.#begin(requestId, head, coding + CONNECTION_LINE[persistence]);
	}

	interim(head: ResponseHead): boolean {
		return this.#connection.writeHead(`${statusLine(head)}${head.kept}\r\n`, null);
	}

	switchProtocols(requestId: string, head: ResponseHead): void {
		const lines = `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
		this.#connection.writeHead(
			`${statusLine(head)}${head.kept}${lines}${responseHeaderLines(requestId)}\r\n`,
			null,
		);
	}

	/** False: the client reads slower than we write. */
	body(slice: Buffer): boolean {
		let head = this.#waitingHead;
		this.#waitingHead = '';
		if (this.#chunks !== 'none') {
			head += chunkPrefix(slice.length, this.#chunks === 'first');
			this.#chunks = 'more';
		}
		return head === '' ? this.#connection.write(slice) : this.#connection.writeHead(head, slice);
	}

	flush(): void {
		if (this.#waitingHead === '') return;
		const head = this.#waitingHead;
		this.#waitingHead = '';
		this.#connection.writeHead(head, null);
	}

	/** Ends the response and makes ready for the next. False: the client has yet to read what was written. */
	end(): boolean {
		const tail = this.#chunks === 'none' ? '' : chunkedEnd(this.#chunks === 'first');
		const last = this.#waitingHead + tail;
		this.#forget();
		return last === '' || this.#connection.writeHead(last, null);
	}

	/** Takes a response back of which nothing has been written yet; false where it is too late for that. */
	retract(): boolean {
		if (this.#waitingHead === '') return false;
		this.#forget();
		return true;
	}

	/** A whole response that reports a failure; `withBody` is false for HEAD. Answers as `end` does. */
	error(
		requestId: string,
		error: RuntimeError,
		persistence: Persistence,
		withBody: boolean,
		style: ErrorStyle,
	): boolean {
		const { status, lines, body } = errorAnswer(requestId, error, style);
		const head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n${lines}${CONNECTION_LINE[persistence]}\r\n`;
		return this.#connection.writeHead(head, withBody ? body : null);
	}

	#begin(requestId: string, head: ResponseHead, framing: string): void {
		this.begun = true;
		this.#waitingHead = `${statusLine(head)}${head.kept}${framing}${responseHeaderLines(requestId)}\r\n`;
	}

	#forget(): void {
		this.#waitingHead = '';
		this.#chunks = 'none';
		this.begun = false;
	}
}

/** Most answers have this one: it is not joined anew for each. */
const OK_LINE = `HTTP/1.1 200 ${OK}\r\n`;

function statusLine(head: ResponseHead): string {
	if (head.status === 200 && head.reason === OK) return OK_LINE;
	return `HTTP/1.1 ${head.status} ${head.reason}\r\n`;
}

const REASONS: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	408: 'Request Timeout',
	413: 'Content Too Large',
	414: 'URI Too Long',
	417: 'Expectation Failed',
	429: 'Too Many Requests',
	494: 'Request Header Too Large',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
	505: 'HTTP Version Not Supported',
};
