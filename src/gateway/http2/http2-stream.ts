/**
 * One request over HTTP/2 and its answer: what ClientConnection is to a connection that has one request at a time.
 *
 * A head waits for the first body bytes, so that a small answer is two frames in one write. What fails after a part of an
 * answer has left is reset with INTERNAL_ERROR: no client takes it for whole.
 */
import { Deadline } from '../../base/deadline.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { responseHeaderLines } from '../../contract/headers.ts';
import { newRequestId } from '../../contract/request-id.ts';
import type { ConnectionHandler } from '../../engine/connection.ts';
import { malformed, type ProtocolFault } from '../../http1/protocol-fault.ts';
import type { RequestHead } from '../../http1/request-head.ts';
import { isBodiless, type ResponseHead } from '../../http1/response-head.ts';
import { encodeFieldLines, encodeFreshLines, encodeStatus } from '../../http2/hpack-encoder.ts';
import type { Http2ErrorCode } from '../../http2/http2-fault.ts';
import type { ServerStream, StreamHandler } from '../../http2/server-stream.ts';
import { admit } from '../admission.ts';
import { errorAnswer } from '../error-answer.ts';
import { errorStyle } from '../error-style.ts';
import type { ErrorStyle, ExchangeClient, RequestTaker } from '../exchange-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { HeldUpload } from '../held-upload.ts';
import { takeRequest } from '../intake.ts';
import { openHeld } from '../open-held.ts';
import type { Passage } from '../passage.ts';
import { slowRequest } from '../request-body.ts';
import { reportFailure, requestError } from '../request-error.ts';
import type { RequestOrigins } from '../request-origins.ts';
import { requestHeadOf } from './request-head-of.ts';
import { StreamBody } from './stream-body.ts';

/** What the streams of one connection share. */
export interface StreamSurroundings {
	readonly context: GatewayContext;
	readonly origins: RequestOrigins;
	/** Writes what waits. */
	readonly flush: () => void;
}

/** Interim answers that one request may have: they have no place in any window. */
const INTERIM_MAX = 32;
/** Bytes of an answer that a client takes at least while a stall deadline runs. */
const PROGRESS_BYTES_MIN = 1024;
/** Bytes that are worth a write of their own. */
const FLUSH_BYTES = 16 * 1024;

export class Http2Stream implements ExchangeClient, StreamHandler {
	readonly #around: StreamSurroundings;
	readonly #stream: ServerStream;
	readonly #deadline = new Deadline(() => this.#onDeadline());
	#head: RequestHead | null = null;
	#body: StreamBody | null = null;
	#taker: RequestTaker | null = null;
	#upload: HeldUpload | null = null;
	/** A field block that waits for the first bytes of its body. */
	#waitingBlock: string | null = null;
	#answerSent = false;
	#interims = 0;
	/** What had left when the stall deadline was set. */
	#watchedBytes = 0;

	constructor(around: StreamSurroundings, stream: ServerStream) {
		this.#around = around;
		this.#stream = stream;
	}

	/** Takes the request. `text` is null where its head is too large; `ends`: no body follows. */
	begin(text: string | null, ends: boolean): void {
		const { context } = this.#around;
		try {
			const head = requestHeadOf(text);
			this.#head = head;
			if (ends && head.contentLength > 0) {
				this.#break(malformed('Content-Length is not the length of the body'));
				return;
			}
			const passage = admit(context, head);
			if (passage instanceof RuntimeError) throw passage;
			if (head.expectContinue && !ends) this.#stream.headers(encodeStatus(100), false);
			if (!ends) this.#body = this.#bodyOf(head, passage);
			if (ends || head.contentLength >= 0) {
				const taker = this.#open(passage, head, head.contentLength);
				this.#body?.flowTo(taker);
			}
			this.#arm();
		} catch (error) {
			this.#refuseRequest(requestError(error));
		}
	}

	/** Sends the request on, with what came of its body. */
	start(): void {
		if (this.#upload === null) this.#taker?.start();
	}

	// The client's side --------------------------------------------------------------------------------------------

	onData(slice: Buffer): void {
		if (this.#body === null) {
			this.#stream.done(slice.length);
			return;
		}
		try {
			if (this.#body.add(slice)) this.#arm();
			else this.#break(malformed('more came than Content-Length says'));
		} catch (error) {
			this.#refuseRequest(requestError(error));
		}
	}

	onEnd(): void {
		const held = this.#body?.end();
		if (held === undefined || this.#head === null) return;
		this.#deadline.clear();
		if (held === false) {
			this.#break(malformed('less came than Content-Length says'));
			return;
		}
		if (held === null) return;
		try {
			this.#upload = openHeld(this.#around.context, this.#head, held, this.#open);
			this.#upload.start();
		} catch (error) {
			this.#refuseRequest(requestError(error));
		}
	}

	onReset(): void {
		this.#taker?.cancel();
		this.#leave();
	}

	onDrain(): void {
		this.#arm();
		this.#taker?.onClientDrain();
	}

	onSent(): void {
		this.#leave();
	}

	// The exchange's side ------------------------------------------------------------------------------------------

	holdRequest(hold: boolean): void {
		if (this.#upload === null) this.#body?.pause(hold);
		else this.#upload.hold(hold);
		this.#arm();
	}

	interim(head: ResponseHead): boolean {
		if (this.#interims++ < INTERIM_MAX) this.#stream.headers(blockOf(head, ''), false);
		return true;
	}

	head(requestId: string, head: ResponseHead, bodyBytes: number): void {
		const length = bodyBytes < 0 ? '' : `content-length: ${bodyBytes}\r\n`;
		this.#waitingBlock = blockOf(head, length + responseHeaderLines(requestId));
		const bodiless = bodyBytes <= 0 || isBodiless(head.status, this.#head?.method ?? '');
		if (bodiless) this.#sendHead(true);
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#waitingBlock = blockOf(head, responseHeaderLines(requestId));
	}

	body(slice: Buffer): boolean {
		this.#sendHead(false);
		this.#stream.write(slice);
		if (this.#stream.queuedBytes >= FLUSH_BYTES) this.#around.flush();
		// Asked after the flush: what it drained is not told again.
		const taken = !this.#stream.full;
		if (!taken) this.#arm();
		return taken;
	}

	flush(): void {
		this.#sendHead(false);
	}

	end(): void {
		this.#endTaking();
		this.#sendHead(true);
		this.#stream.end();
		this.#arm();
	}

	fail(requestId: string, error: RuntimeError, style?: ErrorStyle): void {
		const { context, origins } = this.#around;
		const { address } = origins.of(this.#head);
		reportFailure(context, this.#taker, { requestId, error, head: this.#head, address });
		this.#endTaking();
		this.#waitingBlock = null;
		if (this.#answerSent) {
			this.#reset('INTERNAL_ERROR');
			return;
		}
		const { status, lines, body } = errorAnswer(requestId, error, errorStyle(context, this.#head, style));
		this.#waitingBlock = encodeStatus(status) + encodeFreshLines(lines);
		this.#sendHead(this.#head?.method === 'HEAD');
		this.#stream.write(body);
		this.#stream.end();
		this.#arm();
	}

	tunnel(): ConnectionHandler {
		throw new Error('no request over HTTP/2 asks for another protocol');
	}

	endTunnel(): void {
		this.#reset('CANCEL');
	}

	readonly #open = (passage: Passage, head: RequestHead, bodyBytes: number): RequestTaker => {
		const { context, origins } = this.#around;
		this.#taker = takeRequest(context, { passage, head, bodyBytes, origin: origins.of(head) }, this);
		return this.#taker;
	};

	#sendHead(last: boolean): void {
		const block = this.#waitingBlock;
		if (block === null) return;
		this.#waitingBlock = null;
		this.#answerSent = true;
		this.#stream.headers(block, last);
	}

	#bodyOf({ contentLength }: RequestHead, { target }: Passage): StreamBody {
		const { held: budget } = this.#around.context;
		const held = contentLength < 0 ? budget.requestBody(target) : budget.body(contentLength, target);
		return new StreamBody(this.#stream, held, contentLength);
	}

	/** The request can not be read further, or is not answered by anybody. */
	#refuseRequest(error: RuntimeError): void {
		const taker = this.#taker;
		taker?.cancel(error);
		this.fail(taker?.id ?? newRequestId(), error);
	}

	/** The request is not what HTTP/2 wants: its stream has no answer, but a code. */
	#break(fault: ProtocolFault): void {
		const { context, origins } = this.#around;
		const error = requestError(fault);
		const [taker, head] = [this.#taker, this.#head];
		taker?.cancel(error);
		const { address } = origins.of(head);
		reportFailure(context, taker, { requestId: taker?.id ?? newRequestId(), error, head, address });
		this.#reset('PROTOCOL_ERROR');
	}

	#reset(code: Http2ErrorCode): void {
		this.#stream.reset(code);
		this.#leave();
	}

	#endTaking(): void {
		this.#taker = null;
		this.#upload?.release();
		this.#body?.release();
		this.#upload = null;
		this.#body = null;
	}

	#leave(): void {
		this.#endTaking();
		this.#waitingBlock = null;
		this.#deadline.clear();
	}

	/** Sets the time that the client has for what is its turn, if anything. */
	#arm(): void {
		const { stallDeadlines } = this.#around.context;
		const { closed, queuedBytes, sentBytes } = this.#stream;
		if (!closed && (queuedBytes > 0 || this.#body?.awaited === true)) {
			this.#watchedBytes = sentBytes;
			stallDeadlines.set(this.#deadline);
		} else {
			this.#deadline.clear();
		}
	}

	#onDeadline(): void {
		const { queuedBytes, sentBytes } = this.#stream;
		if (queuedBytes > 0 && sentBytes - this.#watchedBytes >= PROGRESS_BYTES_MIN) {
			this.#arm();
		} else if (queuedBytes > 0 || this.#answerSent) {
			this.#taker?.cancel();
			this.#reset('CANCEL');
		} else {
			this.#refuseRequest(slowRequest('body'));
		}
	}
}

function blockOf({ status, kept }: ResponseHead, lines: string): string {
	return encodeStatus(status) + encodeFieldLines(kept) + encodeFreshLines(lines);
}
