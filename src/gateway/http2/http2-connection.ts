/**
 * A client's connection that speaks HTTP/2: any number of requests at once, up to a limit. The session knows the protocol, each
 * stream its request; here is what concerns the connection: when to write, how long to wait, and how it ends.
 *
 *     (preface) → open ──retire──▶ leaving ──last answer──▶ lingering: GOAWAY is out, what still comes is thrown away
 *                  └──fault──────────────────────────────────▲
 */
import { Deadline } from '../../base/deadline.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { newRequestId } from '../../contract/request-id.ts';
import type { Connection } from '../../engine/connection.ts';
import { connectionFault, type Http2Fault } from '../../http2/http2-fault.ts';
import { ServerSession } from '../../http2/server-session.ts';
import type { ServerStream, StreamHandler } from '../../http2/server-stream.ts';
import type { SessionHandler } from '../../http2/session-handler.ts';
import type { ConnectionOwner } from '../connection-owner.ts';
import type { GatewayClient } from '../gateway-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { reportFailure } from '../request-error.ts';
import { RequestOrigins } from '../request-origins.ts';
import { Http2Stream, type StreamSurroundings } from './http2-stream.ts';
import { OutputBatch } from './output-batch.ts';

const SESSION_LIMITS = {
	streamsMax: LIMITS.streamsMax,
	headBytesMax: LIMITS.headBytesMax + LIMITS.targetBytesMax,
	headsBytesMax: LIMITS.streamHeadsBytesMax,
	streamWindowBytes: LIMITS.streamWindowBytes,
};

/** What the client is waited for. */
type Wait = 'head' | 'idle' | 'stall' | 'end' | 'nothing';

export class Http2Connection implements GatewayClient, SessionHandler {
	readonly #context: GatewayContext;
	readonly #connection: Connection;
	readonly #owner: Pick<ConnectionOwner, 'gone'>;
	readonly #session: ServerSession;
	readonly #batch: OutputBatch;
	readonly #around: StreamSurroundings;
	readonly #deadline = new Deadline(() => this.#onDeadline());
	#wait: Wait = 'nothing';
	/** Requests that came with the bytes at hand. */
	#fresh: Http2Stream[] = [];
	/** What there is to send leaves when the bytes at hand are read. */
	#reading = false;
	#flushing = false;
	#flushDue = false;
	/** The socket takes no more for now. */
	#blocked = false;
	#leaving = false;
	#lingering = false;

	constructor(
		context: GatewayContext,
		connection: Connection,
		listenPort: number,
		owner: Pick<ConnectionOwner, 'gone'>,
	) {
		this.#context = context;
		this.#connection = connection;
		this.#owner = owner;
		this.#session = new ServerSession(SESSION_LIMITS, this);
		this.#batch = new OutputBatch(connection);
		const origins = new RequestOrigins(context.trustedProxies, connection, listenPort);
		this.#around = { context, origins, flush: () => this.#flush() };
		this.#arm();
	}

	announceEnd(): void {
		if (this.#lingering || this.#leaving) return;
		this.#session.announceEnd();
		this.#flush();
	}

	/** Takes no new requests; closes the connection when those under way are answered. */
	retire(): void {
		if (this.#lingering) return;
		this.#leaving = true;
		this.#session.leave();
		this.#flush();
		this.#endIfDone();
	}

	cut(): void {
		this.#connection.reset();
	}

	refuse(error: RuntimeError): void {
		this.#report(error);
		this.#session.fail(connectionFault('ENHANCE_YOUR_CALM', error.message));
	}

	// The client's side --------------------------------------------------------------------------------------------

	onData(bytes: Buffer): void {
		if (this.#lingering) return;
		this.#reading = true;
		this.#session.receive(bytes);
		const fresh = this.#fresh;
		if (fresh.length > 0) {
			this.#fresh = [];
			for (const stream of fresh) stream.start();
		}
		this.#reading = false;
		this.#flush();
		this.#arm();
	}

	onDrain(): void {
		this.#blocked = false;
		this.#flush();
		this.#arm();
	}

	onEnd(): void {
		if (this.#lingering) return;
		// Requests that are whole still get their answers.
		this.#leaving = true;
		this.#session.abandonOpenRequests();
		this.#flush();
		this.#endIfDone();
	}

	onClose(): void {
		this.#lingering = true;
		this.#deadline.clear();
		this.#session.close();
		this.#owner.gone();
	}

	// The session's side -------------------------------------------------------------------------------------------

	onRequest(stream: ServerStream, text: string | null, ends: boolean): StreamHandler {
		const request = new Http2Stream(this.#around, stream);
		request.begin(text, ends);
		this.#fresh.push(request);
		return request;
	}

	onRefused(fault: Http2Fault): void {
		if (fault.code === 'REFUSED_STREAM') return;
		const message = `the request breaks HTTP: ${fault.message}`;
		this.#report(new RuntimeError('ERR_REQUEST_MALFORMED', message, { cause: fault }));
	}

	onOutput(): void {
		if (this.#reading || this.#flushing || this.#flushDue || this.#blocked) return;
		this.#flushDue = true;
		// The answers to several requests often come in one turn of the event loop, and then leave in one write.
		if (this.#session.streams > 1) setImmediate(this.#flushNow);
		else queueMicrotask(this.#flushNow);
	}

	onStreamClosed(): void {
		if (this.#session.streams > 0 || this.#reading) return;
		this.#arm();
	}

	onFault({ code, message }: Http2Fault): void {
		const { address } = this.#around.origins.of(null);
		this.#context.log.write('warn', `an HTTP/2 connection is ended: ${message}`, {
			client: address,
			http2: code,
		});
		this.#linger();
	}

	#report(error: RuntimeError): void {
		const { address } = this.#around.origins.of(null);
		reportFailure(this.#context, null, { requestId: newRequestId(), error, head: null, address });
	}

	readonly #flushNow = (): void => {
		this.#flushDue = false;
		this.#flush();
		this.#arm();
	};

	#flush(): void {
		if (this.#flushing || this.#blocked || this.#reading || this.#lingering) return;
		this.#flushing = true;
		this.#session.send(this.#take);
		this.#blocked = !this.#batch.end();
		this.#flushing = false;
		if (this.#leaving) this.#endIfDone();
	}

	readonly #take = (text: string, slice: Buffer | null): boolean => this.#batch.add(text, slice);

	#endIfDone(): void {
		if (this.#leaving && !this.#lingering && this.#session.streams === 0) this.#linger();
	}

	/** Sends what is due and FIN, and reads on for a while: closing with unread bytes would destroy what is on its way. */
	#linger(): void {
		if (this.#lingering) return;
		this.#lingering = true;
		this.#session.send(this.#take);
		this.#batch.end();
		this.#connection.end();
		this.#arm();
	}

	#arm(): void {
		const wait = this.#awaited();
		if (wait === this.#wait) return;
		this.#wait = wait;
		const { headDeadlines, idleDeadlines, stallDeadlines, lingerDeadlines } = this.#context;
		const queued = this.#connection.queued;
		switch (wait) {
			case 'head':
				headDeadlines.set(this.#deadline);
				break;
			case 'idle':
				idleDeadlines.set(this.#deadline);
				break;
			case 'stall':
				stallDeadlines.set(this.#deadline);
				break;
			case 'end':
				(queued ? stallDeadlines : lingerDeadlines).set(this.#deadline);
				break;
			case 'nothing':
				this.#deadline.clear();
				break;
			default:
				wait satisfies never;
		}
	}

	#awaited(): Wait {
		if (this.#lingering) return 'end';
		if (this.#blocked) return 'stall';
		if (!this.#session.settled || this.#session.headOpen) return 'head';
		return this.#session.streams > 0 ? 'nothing' : 'idle';
	}

	#onDeadline(): void {
		const wait = this.#wait;
		this.#wait = 'nothing';
		if (wait === 'stall') this.#connection.reset();
		else if (wait === 'end' && this.#connection.queued) this.#connection.reset();
		else if (wait === 'end') this.#connection.destroy();
		else if (wait === 'head')
			this.#session.fail(connectionFault('ENHANCE_YOUR_CALM', 'the request head did not arrive in time'));
		else this.retire();
	}
}
