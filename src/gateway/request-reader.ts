/**
 * Reads the requests of one connection, one at a time: head, then body, then nothing until `next` says that the
 * answer is out. What a pipelining client sends meanwhile is stashed; the caller pauses the socket for as long, so
 * the stash never holds more than one read.
 *
 *     between ──first byte──▶ head ──▶ (body) ──▶ answering ──next──▶ between
 */
import { requestFieldRole } from '../contract/headers.ts';
import { LIMITS } from '../contract/limits.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import type { RequestHead } from '../http1/request-head.ts';
import { parseRequestHead } from '../http1/request-head.ts';
import type { HeldBody } from './held-bytes.ts';
import { RequestBody } from './request-body.ts';
import { REQUEST_LIMITS } from './request-limits.ts';

export interface RequestReaderSink {
	/**
	 * A head is read; may throw. `bodyAwaited` is true where a body is due and none of it has come yet. Answers what a chunked body is
	 * held in; null for any other.
	 */
	onRequest(head: RequestHead, bodyAwaited: boolean): HeldBody | null;
	/** Bytes of a body of known length. */
	onBody(slice: Buffer): void;
	/** The request is whole; `held` is a chunked body, null for any other. */
	onRequestEnd(held: HeldBody | null): void;
	/** The client speaks HTTP/2 (RFC 9113 section 3.3): all that it sent so far. Nothing is read any more. */
	onHttp2(bytes: Buffer): void;
}

/** The preface of HTTP/2 begins with a head that no request has. */
const HTTP2_HEAD = 'PRI * HTTP/2.0\r\n';

export type ReadingPhase = 'between' | 'head' | 'body' | 'answering';

export class RequestReader {
	readonly #sink: RequestReaderSink;
	readonly #heads = new HeadBuffer(LIMITS.headBytesMax + LIMITS.targetBytesMax);
	/** Nothing was asked yet. */
	#fresh = true;
	#answering = false;
	#body: RequestBody | null = null;
	#stash: Buffer | null = null;

	constructor(sink: RequestReaderSink) {
		this.#sink = sink;
	}

	get phase(): ReadingPhase {
		if (this.#body !== null) return 'body';
		if (this.#answering) return 'answering';
		return this.#heads.started ? 'head' : 'between';
	}

	get stashed(): boolean {
		return this.#stash !== null;
	}

	/** Reads what came. Throws a ProtocolFault or a RuntimeError; after that nothing may be read any more. */
	push(bytes: Buffer): void {
		let input = bytes;
		let at = 0;
		while (at < input.length) {
			if (this.#body !== null) {
				at = this.#readBody(this.#body, input, at);
			} else if (this.#answering) {
				const rest = at === 0 ? input : input.subarray(at);
				this.#stash = this.#stash === null ? rest : Buffer.concat([this.#stash, rest]);
				return;
			} else {
				const text = this.#heads.push(input, at);
				if (text === null) return;
				input = this.#heads.rest;
				at = this.#heads.restFrom;
				if (text === HTTP2_HEAD && this.#fresh) {
					this.#sink.onHttp2(Buffer.concat([Buffer.from(`${text}\r\n`), input.subarray(at)]));
					return;
				}
				this.#begin(text, at === input.length);
			}
		}
	}

	/** The answer is out: the next request may be read, beginning with `takeStash`. */
	next(): void {
		this.#answering = false;
	}

	takeStash(): Buffer | null {
		const stash = this.#stash;
		this.#stash = null;
		return stash;
	}

	/** Gives back what is held; nothing is read afterwards. */
	close(): void {
		this.#body?.held?.release();
		this.#stash = null;
	}

	#begin(text: string, nothingFollows: boolean): void {
		const head = parseRequestHead(text, REQUEST_LIMITS, requestFieldRole);
		this.#answering = true;
		this.#fresh = false;
		const bodied = head.chunked || head.contentLength > 0;
		const held = this.#sink.onRequest(head, bodied && nothingFollows);
		if (held !== null) this.#body = RequestBody.chunked(held);
		else if (bodied) this.#body = RequestBody.sized(head.contentLength, this.#onSlice);
		else this.#sink.onRequestEnd(null);
	}

	#readBody(body: RequestBody, input: Buffer, from: number): number {
		const at = body.read(input, from);
		if (body.done) {
			this.#body = null;
			this.#sink.onRequestEnd(body.held);
		}
		return at;
	}

	readonly #onSlice = (slice: Buffer): void => this.#sink.onBody(slice);
}
