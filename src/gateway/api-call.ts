/**
 * One call of an API: the caller is judged and counted before anything of the request goes to the function.
 *
 *     new ──start──▶ (judging) ──admitted──▶ (gathering) ──body judged──▶ (counting) ──▶ passed ─▶ done
 *                        └──refused───────────────┴───────────────────────────┴────────────────▶ done
 *
 * Until then the body is held: what came with the head while the caller is judged, all of it where its digest is signed.
 */
import { RuntimeError } from '../contract/errors.ts';
import { nodeCrypto } from '../contract/node-crypto.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { AnswerDress } from './answer-dress.ts';
import { type Api, type CallCount, type Caller, NOT_COUNTED } from './api.ts';
import { withoutCredentials } from './auth/strip-credentials.ts';
import { type Cors, preflightMethod } from './cors.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeClient, PlaceFound, RequestTaker } from './exchange-client.ts';
import * as errors from './exchange-errors.ts';
import { forwardedRequest } from './forwarded-request.ts';
import type { FunctionTarget } from './function-target.ts';
import { type Admitted, ANYBODY, type GuardedRequest, type Verdict } from './guard.ts';
import type { HeldBody, HeldBytes } from './held-bytes.ts';
import { HeldUpload } from './held-upload.ts';
import type { IncomingRequest } from './incoming-request.ts';

type Phase = 'new' | 'judging' | 'gathering' | 'counting' | 'passed' | 'done';

export class ApiCall implements RequestTaker, ExchangeClient {
	readonly id = newRequestId();
	readonly target: FunctionTarget;
	readonly #request: IncomingRequest;
	readonly #api: Api;
	readonly #budget: HeldBytes;
	readonly #client: ExchangeClient;
	readonly #held: HeldBody;
	readonly #dress: AnswerDress;
	#phase: Phase = 'new';
	/** Who the head says it is, until the body has proved it. */
	#claimed: Admitted = ANYBODY;
	#caller: Admitted = ANYBODY;
	/** Of the body, as far as it came; null once nobody asks for it. */
	#digest: import('node:crypto').Hash | null = null;
	#complete: boolean;
	#exchange: Exchange | null = null;
	#upload: HeldUpload | null = null;
	#clientHeld = false;

	/** `budget` is what its body is held against, and a response while its length is unknown. */
	constructor(request: IncomingRequest, api: Api, budget: HeldBytes, client: ExchangeClient) {
		const { passage, bodyBytes } = request;
		this.#request = request;
		this.#api = api;
		this.#budget = budget;
		this.#client = client;
		this.target = passage.target;
		this.#dress = new AnswerDress(api, request.head);
		this.#held = budget.body(Math.max(0, bodyBytes), passage.target);
		this.#complete = bodyBytes <= 0;
		if (api.guard !== null && bodyBytes > 0) this.#digest = nodeCrypto().createHash('sha256');
	}

	get caller(): Admitted {
		return this.#caller;
	}

	start(): void {
		if (this.#phase !== 'new') return;
		this.#phase = 'judging';
		const { cors, guard } = this.#api;
		const error = this.#judgeOrigin();
		if (error !== null) this.#refuse(error);
		// A browser asks without credentials what it may ask with them.
		else if (cors !== null && preflightMethod(this.#request.head) !== null) this.#answerPreflight(cors);
		else if (guard === null) this.#admit(ANYBODY);
		else this.#judge(guard.judge(this.#guarded()));
	}

	requestBody(slice: Buffer): void {
		if (this.#exchange !== null) this.#exchange.requestBody(slice);
		else if (this.#phase !== 'done') this.#hold(slice);
	}

	requestEnd(): void {
		this.#complete = true;
		if (this.#phase === 'gathering') this.#judgeBody();
		else this.#exchange?.requestEnd();
	}

	onClientDrain(): void {
		this.#exchange?.onClientDrain();
	}

	cancel(): void {
		this.#end();
		this.#exchange?.cancel();
	}

	// The exchange's client ----------------------------------------------------------------------------------------

	holdRequest(hold: boolean): void {
		if (this.#upload !== null) {
			this.#upload.hold(hold);
			return;
		}
		this.#clientHeld = hold;
		this.#client.holdRequest(hold);
	}

	placed(place: PlaceFound): void {
		this.#client.placed?.(place);
	}

	interim(head: ResponseHead): boolean {
		return this.#client.interim(head);
	}

	head(requestId: string, head: ResponseHead, bodyBytes: number): void {
		this.#client.head(requestId, this.#dress.answer(head), bodyBytes);
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#client.streamHead(requestId, this.#dress.answer(head));
	}

	body(slice: Buffer): boolean {
		return this.#client.body(slice);
	}

	flush(): void {
		this.#client.flush();
	}

	end(): void {
		this.#client.end();
	}

	fail(requestId: string, error: RuntimeError): void {
		this.#client.fail(requestId, error, this.#dress.error());
	}

	tunnel(
		requestId: string,
		head: ResponseHead,
		upstream: Connection,
		onEnded: () => void,
	): ConnectionHandler {
		return this.#client.tunnel(requestId, this.#dress.answer(head), upstream, onEnded);
	}

	endTunnel(): void {
		this.#client.endTunnel();
	}

	// Judging ------------------------------------------------------------------------------------------------------

	/** By where the call comes from, before anybody is asked who calls. */
	#judgeOrigin(): RuntimeError | null {
		const { addresses, httpsOnly } = this.#api;
		const { address, protocol } = this.#request.origin;
		if (httpsOnly && protocol !== 'https')
			return new RuntimeError('ERR_PLAIN_REFUSED', 'the following protocol is supported: HTTPS');
		return addresses?.judge(address) ?? null;
	}

	#answerPreflight(cors: Cors): void {
		this.#end();
		this.#client.head(this.id, { ...NO_CONTENT, kept: cors.preflightLines(this.#request.head) }, -1);
		this.#client.end();
	}

	#judge(verdict: Verdict | Promise<Verdict>): void {
		if (!(verdict instanceof Promise)) {
			this.#settle(verdict);
			return;
		}
		this.holdRequest(true);
		void verdict
			.catch((cause: unknown) => errors.startFailure(cause))
			.then((settled) => {
				if (this.#phase === 'judging') this.#settle(settled);
			});
	}

	#settle(verdict: Verdict): void {
		if (verdict instanceof Error) {
			this.#refuse(verdict);
			return;
		}
		if (verdict.judgeBody === null) {
			this.#admit(verdict);
			return;
		}
		this.#claimed = verdict;
		this.#phase = 'gathering';
		if (this.#complete) this.#judgeBody();
		else if (this.#clientHeld) this.holdRequest(false);
	}

	#judgeBody(): void {
		const sha256Hex = (this.#digest ?? nodeCrypto().createHash('sha256')).digest('hex');
		const error = this.#claimed.judgeBody?.(sha256Hex) ?? null;
		if (error === null) this.#admit(this.#claimed);
		else this.#refuse(error);
	}

	/** Only who was let in is counted: a stranger must not use up what another may call. */
	#admit(caller: Admitted): void {
		this.#caller = caller;
		this.#digest = null;
		const { address } = this.#request.origin;
		const counted: Caller = { app: caller.app, user: caller.user, address };
		const count = this.#api.throttle?.admit(counted) ?? NOT_COUNTED;
		if (!(count instanceof Promise)) {
			this.#onCount(count);
			return;
		}
		this.#phase = 'counting';
		this.holdRequest(true);
		void count.then((settled) => {
			if (this.#phase === 'counting') this.#onCount(settled);
		});
	}

	#onCount(count: CallCount): void {
		this.#dress.count = count;
		if (count.error === null) this.#pass();
		else this.#refuse(count.error);
	}

	#pass(): void {
		const { passage: found, head, bodyBytes, origin } = this.#request;
		// Judging may have taken a while: who was to answer may take no request any more.
		const passage = found.renewed?.() ?? found;
		if (passage instanceof RuntimeError) {
			this.#refuse(passage);
			return;
		}
		const kept = withoutCredentials(head.kept, this.#caller);
		const lines = origin.lines + this.#caller.lines;
		const request = { id: this.id, ...forwardedRequest({ ...head, kept }, bodyBytes, lines) };
		const exchange = new Exchange(passage, this.#budget, request, this);
		const released = this.#clientHeld;
		this.#clientHeld = false;
		this.#phase = 'passed';
		this.#dress.passed();
		this.#exchange = exchange;
		if (this.#complete && this.#held.bytes > 0) {
			this.#upload = new HeldUpload(this.#held, exchange);
			this.#upload.start();
			return;
		}
		this.#held.handTo((slice) => {
			exchange.requestBody(slice);
			return true;
		});
		if (this.#complete) exchange.requestEnd();
		exchange.start();
		if (released && !this.#clientHeld) this.#client.holdRequest(false);
	}

	#hold(slice: Buffer): void {
		this.#digest?.update(slice);
		if (this.#held.add(slice) !== 'held') this.#refuse(errors.noRoomToHold());
	}

	#refuse(error: RuntimeError): void {
		this.#end();
		this.#client.fail(this.id, error, this.#dress.error());
	}

	#end(): void {
		this.#phase = 'done';
		this.#digest = null;
		if (this.#upload === null) this.#held.release();
		else this.#upload.release();
	}

	#guarded(): GuardedRequest {
		const { head, origin } = this.#request;
		const { method, target, host, fieldLines } = head;
		return { method, target, host, fieldLines, address: origin.address, requestId: this.id };
	}
}

/** The gateway's own answer, without a body. */
const NO_CONTENT: Omit<ResponseHead, 'kept'> = {
	status: 204,
	reason: 'No Content',
	contentLength: -1,
	chunked: false,
	keepAlive: true,
	keepAliveSeconds: -1,
	upgrade: '',
};
