/**
 * A client's connection: has each request answered before the next is read, so that pipelined requests are answered in
 * order, and decides how long the connection lasts.
 *
 *     reading → answering → (flushing) → reading …   lingering: the last answer is out, what still comes is thrown away
 * The next request waits until the client has taken the last answer: one that sends and never reads costs no memory.
 */
import { RuntimeError } from '../contract/errors.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { joinTunnel } from '../engine/tunnel.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { admit } from './admission.ts';
import { ClientClock } from './client-clock.ts';
import type { ConnectionOwner } from './connection-owner.ts';
import { errorStyle } from './error-style.ts';
import type { ErrorStyle, ExchangeClient, RequestTaker } from './exchange-client.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { HeldBody } from './held-bytes.ts';
import type { HeldUpload } from './held-upload.ts';
import { takeRequest } from './intake.ts';
import { openHeld } from './open-held.ts';
import type { Passage } from './passage.ts';
import { ReadGate } from './read-gate.ts';
import { slowRequest } from './request-body.ts';
import { reportFailure, requestError } from './request-error.ts';
import { RequestOrigins } from './request-origins.ts';
import { RequestReader, type RequestReaderSink } from './request-reader.ts';
import { type Persistence, ResponseWriter } from './response-writer.ts';

export class ClientConnection implements GatewayClient, ExchangeClient, RequestReaderSink {
	readonly #context: GatewayContext;
	readonly #connection: Connection;
	readonly #reader: RequestReader;
	readonly #writer: ResponseWriter;
	readonly #origins: RequestOrigins;
	readonly #owner: ConnectionOwner;
	readonly #clock: ClientClock;
	readonly #gate: ReadGate;
	/** The request being read or answered. */
	#head: RequestHead | null = null;
	#exchange: RequestTaker | null = null;
	#upload: HeldUpload | null = null;
	#upstreamIsSlow = false;
	/** True when the answer is written but the client has yet to take it. */
	#flushing = false;
	#ended = false;
	#closeAfter = false;
	#lingering = false;

	constructor(context: GatewayContext, connection: Connection, listenPort: number, owner: ConnectionOwner) {
		this.#context = context;
		this.#connection = connection;
		this.#owner = owner;
		this.#reader = new RequestReader(this);
		this.#writer = new ResponseWriter(connection);
		this.#gate = new ReadGate(connection);
		this.#origins = new RequestOrigins(context.trustedProxies, connection, listenPort);
		this.#clock = new ClientClock(context, () => this.#onDeadline());
	}

	/** Closes the connection if no request is on it; otherwise its answer will be the last. */
	retire(): void {
		if (this.#reader.phase !== 'between') return;
		if (this.#connection.queued) this.#linger();
		else this.#connection.destroy();
	}

	cut(): void {
		this.#connection.reset();
	}

	/** Answers with an error and nothing else: there is no room for this connection. */
	refuse(error: RuntimeError): void {
		this.#closeAfter = true;
		this.fail(newRequestId(), error);
	}

	// The client's side --------------------------------------------------------------------------------------------

	onData(bytes: Buffer): void {
		if (this.#lingering) return;
		try {
			this.#reader.push(bytes);
		} catch (error) {
			this.#refuseRequest(requestError(error));
			return;
		}
		// A refusal may have been the last answer.
		if (this.#lingering) return;
		this.#exchange?.start();
		this.#readOn();
	}

	onDrain(): void {
		if (!this.#clock.clientIsSlow || this.#lingering) return;
		this.#clock.taken();
		this.#readOn();
		if (this.#flushing) this.#next();
		else this.#exchange?.onClientDrain();
	}

	onEnd(): void {
		this.#ended = true;
		if (this.#lingering) return;
		const { phase } = this.#reader;
		// A client may close its half once its request is whole, and still gets the answer.
		if (phase === 'between') this.#linger();
		else if (phase !== 'answering') this.#close();
	}

	onClose(): void {
		this.#clock.clear();
		this.#reader.close();
		this.#exchange?.cancel();
		this.#leaveExchange();
		this.#owner.gone();
	}

	// The reader's side --------------------------------------------------------------------------------------------

	onRequest(head: RequestHead, bodyAwaited: boolean): HeldBody | null {
		this.#head = head;
		this.#closeAfter = !head.keepAlive;
		this.#clock.clear();
		const passage = admit(this.#context, head);
		if (passage instanceof RuntimeError) {
			// The connection goes on where nothing of the request is still to come.
			if (head.chunked || head.contentLength > 0) throw passage;
			this.fail(newRequestId(), passage);
			return null;
		}
		if (head.expectContinue && bodyAwaited) this.#connection.writeHead('HTTP/1.1 100 Continue\r\n\r\n', null);
		if (!head.chunked) this.#open(passage, head, head.contentLength);
		return head.chunked ? this.#context.held.requestBody(passage.target) : null;
	}

	onHttp2(bytes: Buffer): void {
		this.#lingering = true;
		this.#clock.clear();
		this.#owner.http2(bytes);
	}

	onBody(slice: Buffer): void {
		this.#exchange?.requestBody(slice);
	}

	onRequestEnd(held: HeldBody | null): void {
		if (held === null || this.#head === null) {
			this.#exchange?.requestEnd();
			return;
		}
		this.#upload = openHeld(this.#context, this.#head, held, this.#open);
		this.#upload.start();
	}

	// The exchange's side ------------------------------------------------------------------------------------------

	holdRequest(hold: boolean): void {
		this.#upstreamIsSlow = hold;
		this.#upload?.hold(hold);
		this.#readOn();
	}

	interim(head: ResponseHead): boolean {
		return this.#head?.minorVersion !== 1 || this.#clock.written(this.#writer.interim(head));
	}

	head(requestId: string, head: ResponseHead, bodyBytes: number): void {
		this.#writer.head(requestId, head, bodyBytes, this.#persistence());
	}

	streamHead(requestId: string, head: ResponseHead): void {
		const chunked = this.#head?.minorVersion === 1;
		if (!chunked) this.#closeAfter = true;
		this.#writer.streamHead(requestId, head, this.#persistence(), chunked);
	}

	body(slice: Buffer): boolean {
		return this.#clock.written(this.#writer.body(slice));
	}

	flush(): void {
		this.#writer.flush();
	}

	end(): void {
		this.#clock.written(this.#writer.end());
		this.#endAnswer();
	}

	fail(requestId: string, error: RuntimeError, style?: ErrorStyle): void {
		const { address } = this.#origins.of(this.#head);
		reportFailure(this.#context, this.#exchange, { requestId, error, head: this.#head, address });
		if (this.#writer.begun && !this.#writer.retract()) {
			// Part of the answer is out: only a reset tells the client that the rest will not come.
			this.#connection.reset();
			return;
		}
		const told = errorStyle(this.#context, this.#head, style);
		const withBody = this.#head?.method !== 'HEAD';
		this.#clock.written(this.#writer.error(requestId, error, this.#persistence(), withBody, told));
		this.#endAnswer();
	}

	tunnel(id: string, head: ResponseHead, upstream: Connection, onEnded: () => void): ConnectionHandler {
		this.#writer.switchProtocols(id, head);
		this.#clock.clear();
		const tunnel = joinTunnel(this.#connection, upstream, onEnded, () => this.onClose());
		this.#connection.handler = tunnel.clientSide;
		const early = this.#reader.takeStash();
		if (early !== null) upstream.write(early);
		if (this.#ended) upstream.end();
		this.#gate.close(this.#upstreamIsSlow);
		return tunnel.upstreamSide;
	}

	endTunnel(): void {
		this.#connection.destroy();
	}

	readonly #open = (passage: Passage, head: RequestHead, bodyBytes: number): RequestTaker => {
		const request = { passage, head, bodyBytes, origin: this.#origins.of(head) };
		this.#exchange = takeRequest(this.#context, request, this);
		return this.#exchange;
	};

	#persistence(): Persistence {
		// An answer that comes before the request was read whole is the last one: nobody knows where the next begins.
		if (this.#reader.phase === 'body' || this.#context.leaving) this.#closeAfter = true;
		if (this.#closeAfter) return 'close';
		return this.#head?.minorVersion === 0 ? 'keep-and-say-so' : 'keep';
	}

	/** The request can not be read further: its answer is the last on this connection. */
	#refuseRequest(error: RuntimeError): void {
		this.#exchange?.cancel(error);
		this.#closeAfter = true;
		this.fail(this.#exchange?.id ?? newRequestId(), error);
	}

	#leaveExchange(): void {
		this.#exchange = null;
		this.#upload?.release();
		this.#upload = null;
		this.#upstreamIsSlow = false;
	}

	#endAnswer(): void {
		this.#leaveExchange();
		this.#flushing = this.#clock.clientIsSlow;
		if (!this.#flushing) this.#next();
	}

	/** The client has its answer: on to the next request, or to the end. */
	#next(): void {
		this.#flushing = false;
		if (this.#closeAfter || (this.#ended && !this.#reader.stashed)) {
			this.#linger();
			return;
		}
		this.#head = null;
		this.#reader.next();
		this.#clock.awaitNext();
		const stash = this.#reader.takeStash();
		if (stash === null) this.#gate.close(false);
		else this.onData(stash);
		if (this.#ended) this.onEnd();
	}

	/** Sends FIN and reads on for a while: closing at once with unread bytes would destroy the answer on its way. */
	#linger(): void {
		this.#lingering = true;
		this.#reader.close();
		this.#gate.close(false);
		this.#connection.end();
		this.#clock.awaitEnd(this.#connection.queued);
	}

	/** Closes at once; a client that has not got all that was written is told so by a reset. */
	#close(): void {
		if (this.#writer.begun || this.#clock.clientIsSlow || this.#connection.queued) this.#connection.reset();
		else this.#connection.destroy();
	}

	/** Lets the client send what is due, if anything, and sets the time it has for that. */
	#readOn(): void {
		this.#clock.awaitRequest(this.#reader.phase, this.#upstreamIsSlow);
		this.#gate.close(this.#upstreamIsSlow || this.#reader.stashed);
	}

	#onDeadline(): void {
		const { phase } = this.#reader;
		if (this.#writer.begun || this.#clock.clientIsSlow || this.#lingering || phase === 'between')
			this.#close();
		else this.#refuseRequest(slowRequest(phase === 'head' ? 'head' : 'body'));
	}
}
