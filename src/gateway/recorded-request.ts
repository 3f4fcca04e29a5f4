/**
 * A request that is written to the access log when it is over. It stands between the client and whoever takes the request, and
 * only where there is such a log.
 */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import { type RecordedHead, requestFields } from './access-fields.ts';
import type { ErrorStyle, ExchangeClient, PlaceFound, RequestTaker } from './exchange-client.ts';
import type { FunctionTarget } from './function-target.ts';
import type { Passage } from './passage.ts';

export interface RecordedRequestOptions {
	readonly log: Pick<AccessLog, 'write'>;
	readonly passage: Passage;
	readonly head: RequestHead;
	/** Of the request. */
	readonly bodyBytes: number;
	readonly address: string;
	readonly client: ExchangeClient;
	/** Who takes the request, with this one as its client. */
	readonly take: (client: ExchangeClient) => RequestTaker;
}

export class RecordedRequest implements RequestTaker, ExchangeClient {
	readonly id: string;
	readonly target: FunctionTarget;
	readonly #options: RecordedRequestOptions;
	readonly #client: ExchangeClient;
	readonly #taker: RequestTaker;
	readonly #fields: RecordedHead;
	readonly #beganMs = monotonicMs();
	#place: PlaceFound | null = null;
	#firstByteMs: number | null = null;
	#status = 0;
	#responseBytes = 0;
	#over = false;

	constructor(options: RecordedRequestOptions) {
		this.#options = options;
		this.#client = options.client;
		this.#fields = requestFields(options.head, options.address);
		this.#taker = options.take(this);
		this.id = this.#taker.id;
		this.target = this.#taker.target;
	}

	get caller(): RequestTaker['caller'] {
		return this.#taker.caller;
	}

	start(): void {
		this.#taker.start();
	}

	requestBody(slice: Buffer): void {
		this.#taker.requestBody(slice);
	}

	requestEnd(): void {
		this.#taker.requestEnd();
	}

	onClientDrain(): void {
		this.#taker.onClientDrain();
	}

	cancel(error: RuntimeError | null = null): void {
		this.#taker.cancel();
		this.#recordFailure(error);
	}

	// The taker's client -------------------------------------------------------------------------------------------

	placed(place: PlaceFound): void {
		this.#place ??= place;
	}

	holdRequest(hold: boolean): void {
		this.#client.holdRequest(hold);
	}

	interim(head: ResponseHead): boolean {
		return this.#client.interim(head);
	}

	head(requestId: string, head: ResponseHead, bodyBytes: number): void {
		this.#begin(head.status);
		this.#client.head(requestId, head, bodyBytes);
	}

	streamHead(requestId: string, head: ResponseHead): void {
		this.#begin(head.status);
		this.#client.streamHead(requestId, head);
	}

	body(slice: Buffer): boolean {
		this.#responseBytes += slice.length;
		return this.#client.body(slice);
	}

	flush(): void {
		this.#client.flush();
	}

	end(): void {
		this.#record(null);
		this.#client.end();
	}

	fail(requestId: string, error: RuntimeError, style?: ErrorStyle): void {
		this.#recordFailure(error);
		this.#client.fail(requestId, error, style);
	}

	tunnel(
		requestId: string,
		head: ResponseHead,
		upstream: Connection,
		onEnded: () => void,
	): ConnectionHandler {
		this.#begin(head.status);
		return this.#client.tunnel(requestId, head, upstream, () => {
			this.#record(null);
			onEnded();
		});
	}

	endTunnel(): void {
		this.#record(null);
		this.#client.endTunnel();
	}

	#begin(status: number): void {
		this.#status = status;
		this.#firstByteMs = monotonicMs() - this.#beganMs;
	}

	#recordFailure(error: RuntimeError | null): void {
		// Where part of an answer is out, what the client has is its status and a reset.
		if (error !== null && this.#responseBytes === 0) this.#status = error.row.status;
		this.#record(error);
	}

	/** Once. */
	#record(error: RuntimeError | null): void {
		if (this.#over) return;
		this.#over = true;
		const { log, passage, bodyBytes } = this.#options;
		const { name, version } = this.target.settings;
		const { app, user } = this.caller;
		const { waitedMs, coldStartMs } = this.#place ?? { waitedMs: 0, coldStartMs: 0 };
		log.write({
			...this.#fields,
			requestId: this.id,
			status: this.#status,
			requestBytes: Math.max(0, bodyBytes),
			responseBytes: this.#responseBytes,
			functionName: name,
			version,
			apiId: passage.api?.id ?? null,
			app,
			user,
			queueMs: Math.max(0, waitedMs - coldStartMs),
			coldStartMs,
			firstByteMs: this.#firstByteMs,
			totalMs: monotonicMs() - this.#beganMs,
			error: error?.code ?? null,
		});
	}
}
