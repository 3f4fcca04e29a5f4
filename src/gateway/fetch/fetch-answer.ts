/**
 * An answer as a Response of the Fetch API.
 *
 *     waiting ──head──▶ gathering ──end──▶ told whole
 *        │                 ├──more than 64 KiB, or a pause──▶ streaming ──end──▶ told
 *        └──error──▶ told  └──retract──▶ waiting                  └──cut──▶ its reader gets the error
 *
 * What comes at once is told as a whole: a stream costs more than a small body.
 */
import { Buffer } from 'node:buffer';
import type { ReadableStreamDefaultController, UnderlyingDefaultSource } from 'node:stream/web';
import type { RuntimeError } from '../../contract/errors.ts';
import { responseHeaderLines } from '../../contract/headers.ts';
import { fieldPairs } from '../../http1/field-pairs.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { errorAnswer } from '../error-answer.ts';
import type { ErrorStyle } from '../exchange-client.ts';

/** Bytes that are gathered at most, and that wait in a stream before its writer is told to wait. */
const GATHERED_BYTES_MAX = 64 * 1024;
/** Statuses that a Response takes no body with; that of a 205 says nothing (RFC 9110 section 15.3.6). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

export interface AnswerReader {
	/** The reader takes more, after `body` answered false. */
	drained(): void;
	/** The reader has left. */
	left(): void;
}

export class FetchAnswer {
	readonly response: Promise<Response>;
	readonly #told = Promise.withResolvers<Response>();
	readonly #reader: AnswerReader;
	#head: ResponseInit | null = null;
	#bodiless = false;
	#gathered: Buffer[] = [];
	#gatheredBytes = 0;
	#controller: ReadableStreamDefaultController<Uint8Array> | null = null;
	#blocked = false;
	#over = false;

	constructor(reader: AnswerReader) {
		this.#reader = reader;
		this.response = this.#told.promise;
	}

	/** True while the reader has to act before more can be handed over. */
	get blocked(): boolean {
		return this.#blocked;
	}

	/** `lines` go beside those of the head; `bodiless`: what the head tells of a body does not follow. */
	begin(requestId: string, head: ResponseHead, lines: string, bodiless: boolean): void {
		const { status, reason } = head;
		const headers = headersOf(head.kept + lines + responseHeaderLines(requestId));
		this.#head = { status, statusText: reason, headers };
		this.#bodiless = bodiless || BODILESS.has(status);
	}

	/** False: wait for `drained`. */
	body(slice: Buffer): boolean {
		if (this.#over || this.#bodiless) return true;
		if (this.#controller === null) {
			this.#gathered.push(slice);
			this.#gatheredBytes += slice.length;
			if (this.#gatheredBytes <= GATHERED_BYTES_MAX) return true;
			this.#stream();
		} else {
			this.#controller.enqueue(bytesOf(slice));
		}
		this.#blocked = (this.#controller?.desiredSize ?? 0) <= 0;
		return !this.#blocked;
	}

	/** There is a pause in what comes: what is there is told. */
	flush(): void {
		if (this.#over || this.#head === null || this.#controller !== null || this.#bodiless) return;
		this.#stream();
	}

	end(): void {
		if (this.#over) return;
		this.#over = true;
		if (this.#controller !== null) {
			this.#controller.close();
		} else {
			const whole = this.#bodiless ? null : bytesOf(Buffer.concat(this.#gathered));
			this.#tell(whole);
		}
	}

	/** An answer that reports a failure. Where a part of the other has been told, its reader gets the error instead. */
	fail(requestId: string, error: RuntimeError, withBody: boolean, style: ErrorStyle): void {
		if (this.#controller !== null || this.#over) {
			this.cut(error);
			return;
		}
		const { status, lines, body } = errorAnswer(requestId, error, style);
		this.#over = true;
		this.#head = { status, headers: headersOf(lines) };
		this.#tell(withBody ? bytesOf(body) : null);
	}

	/** Whoever waits for the answer, or for more of it, gets the reason. Twice is harmless. */
	cut(reason: unknown): void {
		if (this.#over) return;
		this.#over = true;
		this.#blocked = false;
		if (this.#controller === null) this.#told.reject(reason);
		else this.#controller.error(reason);
	}

	#stream(): void {
		const source: UnderlyingDefaultSource<Uint8Array> = {
			start: (controller) => {
				this.#controller = controller;
				for (const slice of this.#gathered) controller.enqueue(bytesOf(slice));
				this.#gathered = [];
			},
			pull: () => {
				if (!this.#blocked) return;
				this.#blocked = false;
				this.#reader.drained();
			},
			cancel: () => {
				if (this.#over) return;
				this.#over = true;
				this.#blocked = false;
				this.#reader.left();
			},
		};
		const strategy = { highWaterMark: GATHERED_BYTES_MAX, size: (chunk?: Uint8Array) => chunk?.length ?? 0 };
		this.#tell(new ReadableStream(source, strategy));
	}

	#tell(body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null): void {
		this.#told.resolve(new Response(body, this.#head ?? {}));
	}
}

function headersOf(lines: string): Headers {
	const headers = new Headers();
	for (const [name, value] of fieldPairs(lines)) headers.append(name, value);
	return headers;
}

/** A Response takes no Buffer on every engine's types, and wants memory that nobody shares. */
function bytesOf(slice: Buffer): Uint8Array<ArrayBuffer> {
	return new Uint8Array(slice.buffer as ArrayBuffer, slice.byteOffset, slice.byteLength);
}
