/**
 * One request and its response, whoever asked: an HTTP client or an invocation with an event.
 *
 *     new → (waiting) ──lease──▶ asked ──response head──▶ answering ──whole──▶ (delivering) ─▶ done
 *              │                 │  └──101──▶ tunnel ───────────────────────────────────────▲
 *              └──no instance────┴──lost, timeout, too large──▶ answered with an error ─▶ done
 *
 * The request is sent at most once. The first cause of an end wins; after it nothing reaches the client. The function
 * timeout runs from the lease; time in which only the client keeps us waiting does not count against the function.
 *
 * Backpressure goes both ways: holdRequest on one, body's answer and onClientDrain on the other. A response that was held is
 * delivered the same way, slice by slice, when the instance is long free again.
 */
import type { Deadline } from '../base/deadline.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { ProtocolFault } from '../http1/protocol-fault.ts';
import { isBodiless, type ResponseHead } from '../http1/response-head.ts';
import type { LeaseEnd } from '../pool/instance-source.ts';
import type { ExchangeClient, ForwardedRequest, RequestTaker } from './exchange-client.ts';
import { requestHeadText } from './exchange-client.ts';
import * as errors from './exchange-errors.ts';
import { beginRecord, type ExchangeRecord } from './exchange-record.ts';
import { FunctionClock, type TimedCall } from './function-clock.ts';
import type { FunctionTarget } from './function-target.ts';
import { ANYBODY } from './guard.ts';
import type { HeldBody, HeldBytes } from './held-bytes.ts';
import { Lease } from './lease.ts';
import type { Passage } from './passage.ts';
import { beginPatience } from './patience.ts';
import { checkKnownLength, tooLong } from './response-limit.ts';
import type { UpstreamUser } from './upstream-connection.ts';

type Phase = 'new' | 'waiting' | 'asked' | 'answering' | 'delivering' | 'tunnel' | 'done';

export class Exchange implements UpstreamUser, RequestTaker, TimedCall {
	readonly id: string;
	readonly method: string;
	readonly target: FunctionTarget;
	readonly caller = ANYBODY;
	readonly #passage: Passage;
	readonly #budget: HeldBytes;
	readonly #request: ForwardedRequest;
	readonly #client: ExchangeClient;
	readonly #clock: FunctionClock;
	readonly #lease: Lease;
	/** Runs until the answer begins. */
	readonly #patience: Deadline | null;
	#phase: Phase = 'new';
	/** Body slices that came before there was a connection to send them on. */
	#early: Buffer[] | null = null;
	#requestPaused = false;
	#responsePaused = false;
	#bodyComplete: boolean;
	#held: HeldBody | null = null;
	#responseBytes = 0;
	#head: ResponseHead | null = null;
	#redialled = false;
	#record: ExchangeRecord | null = null;

	/** `budget` is what a response is held against while its length is unknown. */
	constructor(passage: Passage, budget: HeldBytes, request: ForwardedRequest, client: ExchangeClient) {
		this.id = request.id ?? newRequestId();
		this.target = passage.target;
		this.#passage = passage;
		this.#budget = budget;
		this.#request = request;
		this.#client = client;
		this.method = request.method;
		this.#bodyComplete = request.bodyBytes <= 0;
		this.#clock = new FunctionClock(this.target, this);
		this.#lease = new Lease(this.target, this.id);
		this.#patience = beginPatience(passage.api, this);
	}

	start(): void {
		if (this.#phase !== 'new') return;
		this.#record = beginRecord(this.target.observer, this.id);
		this.#admit();
	}

	requestBody(slice: Buffer): void {
		if (this.#phase === 'done' || this.#phase === 'delivering') return;
		const { connection } = this.#lease.upstream ?? {};
		if (connection === undefined) {
			this.#early ??= [];
			this.#early.push(slice);
			if (this.#phase === 'waiting') this.#pauseRequest();
		} else if (!connection.write(slice)) {
			this.#pauseRequest();
		}
	}

	/** What was handed over of the request's body has left. */
	get requestWritten(): boolean {
		return this.#lease.upstream?.connection.queued === false;
	}

	requestEnd(): void {
		this.#bodyComplete = true;
		this.#updateClock();
		if (this.#lease.upstream !== null) this.#clock.start();
	}

	onClientDrain(): void {
		if (!this.#responsePaused) return;
		this.#responsePaused = false;
		this.#updateClock();
		if (this.#phase === 'delivering') this.#deliver();
		else this.#lease.upstream?.connection.resume();
	}

	/** The client is gone: the function's connection is closed, its slot freed. */
	cancel(): void {
		if (this.#phase !== 'done') this.#finish('abandoned');
	}

	onTimeout(error: RuntimeError, how: LeaseEnd): void {
		this.#fail(error, how);
	}

	// The upstream's side ------------------------------------------------------------------------------------------

	onInterim(head: ResponseHead): void {
		if (head.status !== 100) this.#keepPace(this.#client.interim(head));
	}

	onHead(head: ResponseHead): void {
		this.#patience?.clear();
		if (head.status === 101) {
			this.#beginTunnel(head);
			return;
		}
		this.#head = head;
		this.#phase = 'answering';
		const { responseBytesMax, settings } = this.target;
		if (isBodiless(head.status, this.method)) {
			this.#client.head(this.id, head, head.status === 204 ? -1 : head.contentLength);
		} else if (head.contentLength >= 0) {
			this.#answer(head, head.contentLength);
		} else if (settings.streamResponse) {
			this.#client.streamHead(this.id, head);
		} else {
			this.#held = this.#budget.body(responseBytesMax, this.target);
		}
	}

	onBody(slice: Buffer): void {
		const { responseBytesMax } = this.target;
		this.#responseBytes += slice.length;
		if (this.#responseBytes > responseBytesMax) this.#fail(tooLong(responseBytesMax), 'answered');
		else if (this.#held === null) this.#keepPace(this.#client.body(slice));
		else if (this.#held.add(slice) !== 'held') this.#fail(errors.noRoomToHold(), 'abandoned');
	}

	onResponseEnd(): void {
		if (this.#phase === 'done') return;
		if (this.#held !== null && this.#head !== null && !this.#answer(this.#head, this.#held.bytes)) return;
		this.#endLease('answered', true);
		this.#phase = 'delivering';
		this.#deliver();
	}

	onReadEnd(): void {
		if (this.#phase === 'answering') this.#client.flush();
	}

	onLost(fault: ProtocolFault | null): void {
		if (this.#phase === 'done') return;
		this.#clock.stop();
		if (fault !== null) {
			this.#fail(errors.brokenResponse(fault), 'answered');
			return;
		}
		// Nothing was sent: the instance ended between its last sign of life and this request.
		const redial = this.#lease.upstream?.open === false && !this.#redialled && this.#request.bodyBytes <= 0;
		this.#redialled ||= redial;
		void this.#lease.causeOfLoss().then((cause) => {
			if (!redial) this.#fail(cause, 'abandoned');
			if (!redial || this.#phase !== 'asked') return;
			this.#lease.end('abandoned', false);
			this.#admit();
		});
	}

	onUpstreamDrain(): void {
		if (!this.#requestPaused) return;
		this.#requestPaused = false;
		this.#updateClock();
		this.#client.holdRequest(false);
	}

	#admit(): void {
		if (this.#lease.take()) this.#dispatch();
		else this.#await();
	}

	#await(): void {
		this.#phase = 'waiting';
		this.#pauseRequest();
		this.#lease.wait(
			(found) => {
				this.#client.placed?.(found);
				this.#dispatch();
			},
			(error) => this.#fail(errors.startFailure(error), 'abandoned'),
		);
	}

	#dispatch(): void {
		const upstream = this.#lease.dial();
		this.#phase = 'asked';
		upstream.attach(this);
		this.#updateClock();
		this.#clock.start();
		const head = requestHeadText(this.#request, this.#passage.functionLines, this.id);
		const early = this.#early;
		this.#early = null;
		let taken = upstream.connection.writeHead(head, early?.shift() ?? null);
		if (early !== null) for (const slice of early) taken = upstream.connection.write(slice) && taken;
		if (!taken) this.#pauseRequest();
		else this.onUpstreamDrain();
	}

	#pauseRequest(): void {
		if (this.#requestPaused || this.#bodyComplete) return;
		this.#requestPaused = true;
		this.#updateClock();
		this.#client.holdRequest(true);
	}

	/** The head leaves, unless its body is too long. False: an error left instead. */
	#answer(head: ResponseHead, bodyBytes: number): boolean {
		const error = checkKnownLength(this.target, this.id, head, bodyBytes);
		if (error === null) this.#client.head(this.id, head, bodyBytes);
		else this.#fail(error, 'answered');
		return error === null;
	}

	/** Hands over what is left of a response that was held, as fast as the client reads. */
	#deliver(): void {
		this.#responsePaused = this.#held?.handTo((slice) => this.#client.body(slice)) === false;
		if (this.#responsePaused) return;
		this.#finish('answered');
		this.#client.end();
	}

	#beginTunnel(head: ResponseHead): void {
		const [upstream, upgrade] = [this.#lease.upstream, this.#request.upgrade];
		if (upstream === null || upgrade === '' || head.upgrade !== upgrade) {
			this.#fail(errors.wrongSwitch(head.upgrade, upgrade), 'answered');
			return;
		}
		this.#phase = 'tunnel';
		this.#clock.waitForClient(false);
		const ended = () => this.#finish('answered');
		upstream.becomeTunnel(this.#client.tunnel(this.id, head, upstream.connection, ended));
	}

	#keepPace(taken: boolean): void {
		if (taken || this.#responsePaused) return;
		this.#responsePaused = true;
		this.#updateClock();
		this.#lease.upstream?.connection.pause();
	}

	#updateClock(): void {
		this.#clock.waitForClient(this.#responsePaused || (!this.#bodyComplete && !this.#requestPaused));
	}

	#fail(error: RuntimeError, how: LeaseEnd): void {
		if (this.#phase === 'done') return;
		const tunnelled = this.#phase === 'tunnel';
		if (this.#record !== null) this.#record.error = error;
		this.#finish(how);
		if (!tunnelled) this.#client.fail(this.id, error);
	}

	/** Ends the exchange once: frees its place, its share of held bytes and its connection. */
	#finish(how: LeaseEnd): void {
		const tunnelled = this.#phase === 'tunnel';
		if (tunnelled) this.#client.endTunnel();
		this.#record?.end(this.#head?.status ?? 0);
		this.#phase = 'done';
		this.#patience?.clear();
		this.#held?.release();
		this.#early = null;
		// However a tunnel ends, the instance has answered: a long conversation is no sign of a hang.
		this.#endLease(tunnelled ? 'answered' : how, false);
	}

	/** The function is done with this request, whatever the client still has to read. Twice is harmless. */
	#endLease(how: LeaseEnd, whole: boolean): void {
		this.#clock.stop();
		// The client may have held back the last slice: a connection left paused would never answer its next request.
		if (this.#responsePaused) this.#lease.upstream?.connection.resume();
		this.#lease.end(how, whole && this.#bodyComplete);
	}
}
