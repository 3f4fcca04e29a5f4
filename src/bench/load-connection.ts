/** One connection of a load: asks, reads the whole answer, says so. It counts the bytes of bodies and keeps none of them. */
import { errorText } from '../base/error-text.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { connect } from '../engine/sockets.ts';
import { type BodyReader, ChunkedBody, CloseDelimitedBody, SizedBody } from '../http1/body-reader.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import { parseResponseHead } from '../http1/response-head.ts';

export interface LoadTarget {
	readonly host: string;
	readonly port: number;
}

export type Answered =
	| {
			readonly ok: true;
			readonly status: number;
			readonly bodyBytes: number;
			/** Our own code, where httpfn answered instead of the function; empty where it did not. */
			readonly code: string;
	  }
	| { readonly ok: false; readonly why: string };

/** For who wants more of an answer than its length. */
export interface AskHooks {
	readonly onFirstByte?: () => void;
	readonly onBody?: (slice: Buffer) => void;
}

const ERROR_FIELD = /^x-httpfn-error: (\S+)\r$/im;
const NO_HOOKS: AskHooks = {};
const HEAD_LIMITS = { lineBytesMax: LIMITS.headBytesMax, countMax: LIMITS.headerCountMax };

export class LoadConnection implements ConnectionHandler {
	readonly #connection: Connection;
	readonly #heads = new HeadBuffer(LIMITS.headBytesMax);
	#body: BodyReader | null = null;
	#status = 0;
	#code = '';
	#bodyBytes = 0;
	#onAnswer: ((answered: Answered) => void) | null = null;
	#hooks = NO_HOOKS;
	#answering = false;
	#closed = false;
	readonly #onGone: () => void;

	/** `onOpen` comes once, `onGone` at its end; a failure to connect is the answer of whatever is asked. */
	constructor(target: LoadTarget, onOpen: () => void = () => {}, onGone: () => void = () => {}) {
		this.#onGone = onGone;
		this.#connection = connect(target.host, target.port, this, onOpen);
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** One request at a time. `onAnswer` is called once, when the answer is whole or can not become so. */
	ask(request: Buffer, onAnswer: (answered: Answered) => void, hooks: AskHooks = NO_HOOKS): void {
		this.#onAnswer = onAnswer;
		this.#hooks = hooks;
		this.#answering = false;
		this.#bodyBytes = 0;
		if (this.#closed) this.#finish({ ok: false, why: 'the connection is closed' });
		else this.#connection.write(request);
	}

	close(): void {
		this.#onAnswer = null;
		this.#connection.destroy();
	}

	onData(bytes: Buffer): void {
		if (!this.#answering) this.#hooks.onFirstByte?.();
		this.#answering = true;
		try {
			let at = 0;
			let input = bytes;
			if (this.#body === null) {
				const text = this.#heads.push(bytes, 0);
				if (text === null) return;
				input = this.#heads.rest;
				at = this.#heads.restFrom;
				this.#body = this.#begin(text);
			}
			this.#body.read(input, at, this.#count);
			if (this.#body.done) this.#whole();
		} catch (error) {
			this.#finish({ ok: false, why: errorText(error) });
			this.#connection.destroy();
		}
	}

	onDrain(): void {}

	onEnd(): void {
		if (this.#body?.end() === true) this.#whole();
		this.#connection.destroy();
	}

	onClose(error: Error | null): void {
		this.#closed = true;
		this.#onGone();
		this.#finish({
			ok: false,
			why: error?.message ?? 'the connection was closed before the answer was whole',
		});
	}

	#begin(text: string): BodyReader {
		const head = parseResponseHead(text, HEAD_LIMITS, () => false);
		this.#status = head.status;
		this.#code = head.status < 400 ? '' : (ERROR_FIELD.exec(head.kept)?.[1] ?? '');
		if (head.chunked) return new ChunkedBody();
		return head.contentLength < 0 ? new CloseDelimitedBody() : new SizedBody(head.contentLength);
	}

	readonly #count = (slice: Buffer): void => {
		this.#bodyBytes += slice.length;
		this.#hooks.onBody?.(slice);
	};

	#whole(): void {
		this.#body = null;
		this.#finish({ ok: true, status: this.#status, bodyBytes: this.#bodyBytes, code: this.#code });
	}

	#finish(answered: Answered): void {
		const onAnswer = this.#onAnswer;
		this.#onAnswer = null;
		onAnswer?.(answered);
	}
}
