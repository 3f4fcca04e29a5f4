/**
 * One request as the Fetch API has it, and its Response: what ClientConnection is to a connection that has one request at a time.
 *
 * A failure of the contract is answered as the gateway answers it. Only what is no answer rejects: the request's signal, or its body,
 * which its maker could not deliver. After a part of the answer has been told, its reader gets an error: nothing is cut short
 * silently.
 */
import { monotonicMs } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { newRequestId } from '../../contract/request-id.ts';
import type { ConnectionHandler } from '../../engine/connection.ts';
import { malformed } from '../../http1/protocol-fault.ts';
import type { RequestHead } from '../../http1/request-head.ts';
import { isBodiless, type ResponseHead } from '../../http1/response-head.ts';
import { admit } from '../admission.ts';
import { errorStyle } from '../error-style.ts';
import type { ErrorStyle, ExchangeClient, RequestTaker } from '../exchange-client.ts';
import type { GatewayGuest } from '../gateway-client.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { HeldBody } from '../held-bytes.ts';
import type { HeldUpload } from '../held-upload.ts';
import { takeRequest } from '../intake.ts';
import { openHeld } from '../open-held.ts';
import type { Passage } from '../passage.ts';
import { hold, slowRequest } from '../request-body.ts';
import { reportFailure, requestError } from '../request-error.ts';
import type { RequestOrigins } from '../request-origins.ts';
import { FetchAnswer } from './fetch-answer.ts';
import { fetchHead } from './fetch-head.ts';
import { FetchUpload } from './fetch-upload.ts';

export class FetchCall implements ExchangeClient, GatewayGuest {
	readonly #context: GatewayContext;
	readonly #request: Request;
	readonly #origins: RequestOrigins;
	readonly #answer: FetchAnswer;
	readonly #deadline = new Deadline(() => this.#onDeadline());
	readonly #abort = () => this.#give(this.#request.signal.reason);
	#leave: () => void = () => {};
	#head: RequestHead | null = null;
	#taker: RequestTaker | null = null;
	#upload: FetchUpload | null = null;
	/** A body of unknown length, until it is whole; then what hands it over. */
	#held: HeldBody | null = null;
	#heldUpload: HeldUpload | null = null;
	readonly #sinceMs = monotonicMs();
	#uploadedBytes = 0;
	#awaitsUpload = false;
	#over = false;

	constructor(context: GatewayContext, request: Request, origins: RequestOrigins) {
		this.#context = context;
		this.#request = request;
		this.#origins = origins;
		this.#answer = new FetchAnswer({
			drained: () => {
				this.#arm();
				this.#taker?.onClientDrain();
			},
			left: () => this.#give(null),
		});
	}

	/** `leave` is called once, when nothing of the request is under way any more. Resolves with the answer. */
	start(leave: () => void): Promise<Response> {
		this.#leave = leave;
		const { signal } = this.#request;
		if (signal.aborted) {
			this.#give(signal.reason);
			return this.#answer.response;
		}
		signal.addEventListener('abort', this.#abort);
		try {
			this.#begin();
		} catch (error) {
			this.#refuse(error);
		}
		return this.#answer.response;
	}

	/** Its answer is under way: there is nothing to leave early. */
	retire(): void {}

	cut(): void {
		this.#give(new RuntimeError('ERR_DRAINING', 'httpfn stopped before the answer was whole'));
	}

	// The exchange's side ------------------------------------------------------------------------------------------

	holdRequest(hold: boolean): void {
		if (this.#heldUpload === null) this.#upload?.hold(hold);
		else this.#heldUpload.hold(hold);
	}

	/** A Response has one status: what comes before it is not told. */
	interim(): boolean {
		return true;
	}

	head(requestId: string, head: ResponseHead, bodyBytes: number): void {
		const lines = bodyBytes < 0 ? '' : `Content-Length: ${bodyBytes}\r\n`;
		this.#answer.begin(requestId, head, lines, isBodiless(head.status, this.#request.method));
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#answer.begin(requestId, head, '', false);
	}

	body(slice: Buffer): boolean {
		const taken = this.#answer.body(slice);
		if (!taken) this.#arm();
		return taken;
	}

	flush(): void {
		this.#answer.flush();
	}

	end(): void {
		this.#answer.end();
		this.#finish();
	}

	fail(requestId: string, error: RuntimeError, style?: ErrorStyle): void {
		const { address } = this.#origins.of(this.#head);
		reportFailure(this.#context, this.#taker, { requestId, error, head: this.#head, address });
		const told = errorStyle(this.#context, this.#head, style);
		this.#answer.fail(requestId, error, this.#request.method !== 'HEAD', told);
		this.#finish();
	}

	tunnel(): ConnectionHandler {
		throw new Error('no Request of the Fetch API asks for another protocol');
	}

	endTunnel(): void {}

	// The request's side -------------------------------------------------------------------------------------------

	#begin(): void {
		const head = fetchHead(this.#request);
		this.#head = head;
		const passage = admit(this.#context, head);
		if (passage instanceof RuntimeError) throw passage;
		const { body } = this.#request;
		if (body === null) {
			if (head.contentLength > 0) throw wrongLength();
			this.#open(passage, head, head.contentLength).requestEnd();
		} else {
			this.#upload = new FetchUpload(body, {
				awaiting: (waiting) => {
					this.#awaitsUpload = waiting;
					this.#arm();
				},
				slice: (slice) => this.#guarded(() => this.#onSlice(slice)),
				end: () => this.#guarded(() => this.#onUploaded()),
				failed: (error) => this.#give(error),
			});
			if (head.contentLength < 0) this.#held = this.#context.held.requestBody(passage.target);
			else this.#open(passage, head, head.contentLength);
		}
		this.#taker?.start();
		this.#upload?.start();
	}

	readonly #open = (passage: Passage, head: RequestHead, bodyBytes: number): RequestTaker => {
		const origin = this.#origins.of(head);
		this.#taker = takeRequest(this.#context, { passage, head, bodyBytes, origin }, this);
		return this.#taker;
	};

	#onSlice(slice: Buffer): void {
		if (monotonicMs() - this.#sinceMs > LIMITS.requestBodyMsMax) throw slowRequest('body');
		if (this.#held !== null) {
			hold(this.#held, slice);
			return;
		}
		this.#uploadedBytes += slice.length;
		if (this.#uploadedBytes > (this.#head?.contentLength ?? 0)) throw wrongLength();
		this.#taker?.requestBody(slice);
	}

	#onUploaded(): void {
		this.#upload = null;
		const [head, held] = [this.#head, this.#held];
		if (head !== null && held !== null) {
			this.#held = null;
			this.#heldUpload = openHeld(this.#context, head, held, this.#open);
			this.#heldUpload.start();
		} else {
			if (this.#uploadedBytes !== head?.contentLength) throw wrongLength();
			this.#taker?.requestEnd();
		}
	}

	#guarded(act: () => void): void {
		try {
			act();
		} catch (error) {
			this.#refuse(error);
		}
	}

	/** The request can not be read further, or nobody answers it. */
	#refuse(cause: unknown): void {
		if (this.#over) return;
		try {
			const error = requestError(cause);
			const id = this.#taker?.id ?? newRequestId();
			this.#taker?.cancel(error);
			this.fail(id, error);
		} catch (unforeseen) {
			this.#give(unforeseen);
		}
	}

	/** Gives the request up: whoever waits for its answer gets the reason. */
	#give(reason: unknown): void {
		if (this.#over) return;
		this.#taker?.cancel();
		this.#upload?.cancel(reason);
		this.#answer.cut(reason);
		this.#finish();
	}

	#finish(): void {
		if (this.#over) return;
		this.#over = true;
		this.#deadline.clear();
		this.#request.signal.removeEventListener('abort', this.#abort);
		this.#upload?.leave();
		this.#held?.release();
		this.#heldUpload?.release();
		this.#taker = null;
		this.#leave();
	}

	/** Sets the time that whoever called has for what is its turn, if anything. */
	#arm(): void {
		if (!this.#over && (this.#awaitsUpload || this.#answer.blocked)) {
			this.#context.stallDeadlines.set(this.#deadline);
		} else {
			this.#deadline.clear();
		}
	}

	#onDeadline(): void {
		if (this.#answer.blocked) {
			this.#give(new RuntimeError('ERR_CLIENT_GONE', 'nobody read the answer for too long'));
		} else {
			this.#refuse(slowRequest('body'));
		}
	}
}

function wrongLength(): Error {
	return malformed('Content-Length is not the length of the body');
}
