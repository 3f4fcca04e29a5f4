/**
 * One call of an API: the caller is judged and counted before anything of the request goes to the function.
 *
 *     new ──start──▶ (judging) ──admitted──▶ (gathering) ──body judged──▶ passed ─▶ done
 *                        └──refused───────────────┴────────────────────────────────▶ done
 *
 * Until then the body is held: what came with the head while the caller is judged, all of it where its digest is signed.
 */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { nodeCrypto } from '../contract/node-crypto.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { type Api, type CallCount, type Caller, NOT_COUNTED } from './api.ts';
import { withoutCredentials } from './auth/strip-credentials.ts';
import { asksForDebug } from './debug-mode.ts';
import { Exchange } from './exchange.ts';
import type { ErrorStyle, ExchangeClient, PlaceFound, RequestTaker } from './exchange-client.ts';
import * as errors from './exchange-errors.ts';
import { forwardedRequest } from './forwarded-request.ts';
import type { FunctionTarget } from './function-target.ts';
import { type Admitted, ANYBODY, type GuardedRequest, type Verdict } from './guard.ts';
import type { HeldBody, HeldBytes } from './held-bytes.ts';
import { HeldUpload } from './held-upload.ts';
import type { IncomingRequest } from './incoming-request.ts';

type Phase = 'new' | 'judging' | 'gathering' | 'passed' | 'done';

export class ApiCall implements RequestTaker, ExchangeClient {
	readonly id = newRequestId();
	readonly target: FunctionTarget;
	readonly #request: IncomingRequest;
	readonly #api: Api;
	readonly #budget: HeldBytes;
	readonly #client: ExchangeClient;
	readonly #held: HeldBody;
	readonly #beganMs = monotonicMs();
	#passedMs = 0;
	#phase: Phase = 'new';
	/** Who the head says it is, until the body has proved it. */
	#claimed: Admitted = ANYBODY;
	#caller: Admitted = ANYBODY;
	#count: CallCount = NOT_COUNTED;
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
		this.#held = budget.body(Math.max(0, bodyBytes));
		this.#complete = bodyBytes <= 0;
		if (api.guard !== null && bodyBytes > 0) this.#digest = nodeCrypto().createHash('sha256');
	}

	get caller(): Admitted {
		return this.#caller;
	}

	start(): void {
		if (this.#phase !== 'new') return;
		this.#phase = 'judging';
		const { guard } = this.#api;
		if (guard === null) this.#admit(ANYBODY);
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
		this.#client.head(requestId, this.#dressed(head), bodyBytes);
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#client.streamHead(requestId, this.#dressed(head));
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
		this.#client.fail(requestId, error, this.#errorStyle());
	}

	tunnel(
		requestId: string,
		head: ResponseHead,
		upstream: Connection,
		onEnded: () => void,
	): ConnectionHandler {
		return this.#client.tunnel(requestId, this.#dressed(head), upstream, onEnded);
	}

	endTunnel(): void {
		this.#client.endTunnel();
	}

	// Judging ------------------------------------------------------------------------------------------------------

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
		this.#count = this.#api.throttle?.admit(counted) ?? NOT_COUNTED;
		if (this.#count.error === null) this.#pass();
		else this.#refuse(this.#count.error);
	}

	#pass(): void {
		const { passage, head, bodyBytes, origin } = this.#request;
		const kept = withoutCredentials(head.kept, this.#caller);
		const lines = origin.lines + this.#caller.lines;
		const request = { id: this.id, ...forwardedRequest({ ...head, kept }, bodyBytes, lines) };
		const exchange = new Exchange(passage, this.#budget, request, this);
		const released = this.#clientHeld;
		this.#clientHeld = false;
		this.#phase = 'passed';
		this.#passedMs = monotonicMs();
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
		this.#client.fail(this.id, error, this.#errorStyle());
	}

	#end(): void {
		this.#phase = 'done';
		this.#digest = null;
		if (this.#upload === null) this.#held.release();
		else this.#upload.release();
	}

	// Dressing -----------------------------------------------------------------------------------------------------

	#guarded(): GuardedRequest {
		const { head, origin } = this.#request;
		const { method, target, host, fieldLines } = head;
		return { method, target, host, fieldLines, address: origin.address, requestId: this.id };
	}

	#dressed(head: ResponseHead): ResponseHead {
		const added = this.#debugLines();
		return added === '' ? head : { ...head, kept: head.kept + added };
	}

	#errorStyle(): ErrorStyle {
		return { family: this.#api.family, lines: this.#count.retryLines + this.#debugLines() };
	}

	/** For who asks what a call costs. */
	#debugLines(): string {
		if (!asksForDebug(this.#request.head)) return '';
		const nowMs = monotonicMs();
		const upstream =
			this.#passedMs === 0 ? '' : `X-Apig-Upstream-Latency: ${Math.round(nowMs - this.#passedMs)}\r\n`;
		const latency = `X-Apig-Latency: ${Math.round(nowMs - this.#beganMs)}\r\n`;
		return latency + upstream + this.#count.debugLines();
	}
}
