/**
 * A client's connection: has each request answered before the next is read, so that pipelined requests are answered in
 * order, and decides how long the connection lasts.
 *
 *     reading → answering → reading …        lingering: the last answer is out, what still comes is thrown away
 *
 * One deadline serves every wait for the client: for a head, between requests, for body bytes, for it to read.
 */
import { Deadline } from '../base/deadline.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { connectionHeaderLines } from '../contract/headers.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { forwardedRequest } from './forwarded-request.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { HeldBody } from './held-bytes.ts';
import { slowRequest } from './request-body.ts';
import { logRequestError, requestError } from './request-error.ts';
import type { RequestReaderSink } from './request-reader.ts';
import { RequestReader } from './request-reader.ts';
import type { Persistence } from './response-writer.ts';
import { ResponseWriter } from './response-writer.ts';
import { joinTunnel } from './tunnel.ts';

export class ClientConnection implements ConnectionHandler, ExchangeClient, RequestReaderSink {
	readonly #context: GatewayContext;
	readonly #connection: Connection;
	readonly #reader: RequestReader;
	readonly #writer: ResponseWriter;
	readonly #connectionLines: string;
	readonly #onGone: () => void;
	readonly #deadline = new Deadline(() => this.#onDeadline());
	/** The request being read or answered. */
	#head: RequestHead | null = null;
	#exchange: Exchange | null = null;
	#upstreamIsSlow = false;
	#paused = false;
	#ended = false;
	#closeAfter = false;
	#lingering = false;

	constructor(context: GatewayContext, connection: Connection, listenPort: number, onGone: () => void) {
		this.#context = context;
		this.#connection = connection;
		this.#onGone = onGone;
		this.#reader = new RequestReader(context.held, this);
		this.#writer = new ResponseWriter(connection);
		this.#connectionLines = connectionHeaderLines({
			sourceIp: connection.remoteAddress,
			listenPort,
			protocol: 'http',
		});
		context.headDeadlines.set(this.#deadline);
	}

	/** Closes the connection if no request is on it; otherwise its answer will be the last. */
	retire(): void {
		if (this.#reader.phase === 'between') this.#connection.destroy();
	}

	/** Cuts the connection, whatever is on it. */
	cut(): void {
		this.#connection.reset();
	}

	/** Answers with an error and nothing else: there is no room for this connection. */
	refuse(error: RuntimeError): void {
		this.#closeAfter = true;
		this.#answerError(newRequestId(), error);
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
		this.#exchange?.start();
		this.#awaitClient();
		this.#updateFlow();
	}

	onDrain(): void {
		if (this.#lingering) return;
		this.#deadline.clear();
		this.#exchange?.onClientDrain();
	}

	onEnd(): void {
		this.#ended = true;
		// A client may close its half once its request is whole, and still gets the answer.
		if (this.#lingering || this.#reader.phase !== 'answering') this.#connection.destroy();
	}

	onClose(): void {
		this.#deadline.clear();
		this.#reader.close();
		this.#exchange?.cancel();
		this.#exchange = null;
		this.#onGone();
	}

	// The reader's side --------------------------------------------------------------------------------------------

	onRequest(head: RequestHead, bodyAwaited: boolean): void {
		this.#head = head;
		this.#closeAfter = !head.keepAlive;
		this.#deadline.clear();
		if (head.expectContinue && bodyAwaited) this.#connection.writeHead('HTTP/1.1 100 Continue\r\n\r\n', null);
		if (!head.chunked) this.#open(head, head.contentLength);
	}

	onBody(slice: Buffer): void {
		this.#exchange?.requestBody(slice);
	}

	onRequestEnd(held: HeldBody | null): void {
		if (held !== null && this.#head !== null) {
			const exchange = this.#open(this.#head, held.bytes);
			for (const slice of held.take()) exchange.requestBody(slice);
		}
		this.#exchange?.requestEnd();
	}

	// The exchange's side ------------------------------------------------------------------------------------------

	holdRequest(hold: boolean): void {
		this.#upstreamIsSlow = hold;
		this.#updateFlow();
	}

	interim(head: ResponseHead): void {
		if (this.#head?.minorVersion === 1 && !this.#writer.begun) this.#writer.interim(head);
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
		const taken = this.#writer.body(slice);
		if (!taken) this.#context.stallDeadlines.set(this.#deadline);
		return taken;
	}

	flush(): void {
		this.#writer.flush();
	}

	end(): void {
		this.#writer.end();
		this.#next();
	}

	fail(requestId: string, error: RuntimeError): void {
		if (this.#writer.begun) this.#breakOff(requestId, error);
		else this.#answerError(requestId, error);
	}

	tunnel(id: string, head: ResponseHead, upstream: Connection, onEnded: () => void): ConnectionHandler {
		this.#writer.switchProtocols(id, head);
		this.#deadline.clear();
		const tunnel = joinTunnel(this.#connection, upstream, onEnded, () => this.onClose());
		this.#connection.handler = tunnel.clientSide;
		const early = this.#reader.takeStash();
		if (early !== null) upstream.write(early);
		this.#updateFlow();
		return tunnel.upstreamSide;
	}

	endTunnel(): void {
		this.#connection.destroy();
	}

	// ---------------------------------------------------------------------------------------------------------------

	#open(head: RequestHead, bodyBytes: number): Exchange {
		const request = forwardedRequest(head, bodyBytes, this.#connectionLines);
		const exchange = new Exchange(this.#context, request, this);
		this.#exchange = exchange;
		return exchange;
	}

	/** Sets the deadline for what the client has to send next, if anything. */
	#awaitClient(): void {
		const { headDeadlines, stallDeadlines } = this.#context;
		const { phase } = this.#reader;
		if (phase === 'body') stallDeadlines.set(this.#deadline);
		else if (phase === 'head' && this.#deadline.queue !== headDeadlines) headDeadlines.set(this.#deadline);
	}

	#persistence(): Persistence {
		// An answer that comes before the request was read whole is the last one: nobody knows where the next begins.
		if (this.#reader.phase === 'body' || this.#context.draining) this.#closeAfter = true;
		if (this.#closeAfter) return 'close';
		return this.#head?.minorVersion === 0 ? 'keep-and-say-so' : 'keep';
	}

	#answerError(requestId: string, error: RuntimeError): void {
		this.#logError(requestId, error);
		this.#writer.error(requestId, error, this.#persistence(), this.#head?.method !== 'HEAD');
		this.#next();
	}

	/** The request can not be read further: its answer is the last on this connection. */
	#refuseRequest(error: RuntimeError): void {
		const exchange = this.#exchange;
		this.#exchange = null;
		exchange?.cancel();
		this.#closeAfter = true;
		this.fail(exchange?.id ?? newRequestId(), error);
	}

	/** Part of the answer is out: only a reset tells the client that the rest will not come. */
	#breakOff(requestId: string, error: RuntimeError): void {
		this.#logError(requestId, error);
		this.#connection.reset();
	}

	#logError(requestId: string, error: RuntimeError): void {
		logRequestError(this.#context.log, requestId, error, this.#head, this.#connection.remoteAddress);
	}

	/** The answer is written: on to the next request, or to the end of the connection. */
	#next(): void {
		this.#exchange = null;
		if (this.#closeAfter || (this.#ended && !this.#reader.stashed)) {
			this.#linger();
			return;
		}
		this.#head = null;
		this.#reader.next();
		this.#context.idleDeadlines.set(this.#deadline);
		const stash = this.#reader.takeStash();
		if (stash === null) this.#updateFlow();
		else this.onData(stash);
	}

	/** Sends FIN and reads on for a while: closing at once with unread bytes would destroy the answer on its way. */
	#linger(): void {
		this.#lingering = true;
		this.#reader.close();
		this.#upstreamIsSlow = false;
		this.#updateFlow();
		this.#connection.end();
		this.#context.lingerDeadlines.set(this.#deadline);
	}

	#updateFlow(): void {
		const pause = this.#upstreamIsSlow || this.#reader.stashed;
		if (pause === this.#paused) return;
		this.#paused = pause;
		if (pause) this.#connection.pause();
		else this.#connection.resume();
	}

	#onDeadline(): void {
		const { phase } = this.#reader;
		if (this.#lingering || phase === 'between') this.#connection.destroy();
		else if (this.#writer.begun) this.#connection.reset();
		else this.#refuseRequest(slowRequest(phase === 'head' ? 'head' : 'body'));
	}
}
