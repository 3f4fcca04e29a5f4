/**
 * A request that is written to the access log when it is over. It stands between the client and whoever takes the request, and
 * only where there is such a log.
 */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import { type RecordedHead, requestFields } from './access-fields.ts';
import type { ErrorStyle, ExchangeClient, PlaceFound, RequestTaker } from './exchange-client.ts';
import type { FunctionTarget } from './function-target.ts';
import type { IncomingRequest } from './incoming-request.ts';

export class RecordedRequest implements RequestTaker, ExchangeClient {
	readonly id: string;
	readonly target: FunctionTarget;
	readonly #log: Pick<AccessLog, 'write'>;
	readonly #request: IncomingRequest;
	readonly #client: ExchangeClient;
	readonly #taker: RequestTaker;
	readonly #fields: RecordedHead;
	readonly #beganMs = monotonicMs();
	#place: PlaceFound | null = null;
	#firstByteMs: number | null = null;
	#status = 0;
	#responseBytes = 0;
	#over = false;

	/** `take` answers who takes the request, with this one as its client. */
	constructor(
		log: Pick<AccessLog, 'write'>,
		request: IncomingRequest,
		client: ExchangeClient,
		take: (client: ExchangeClient) => RequestTaker,
	) {
		this.#log = log;
		this.#request = request;
		this.#client = client;
		this.#fields = requestFields(request.head, request.origin.address);
		this.#taker = take(this);
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
		const { passage, bodyBytes } = this.#request;
		const { name, version } = this.target.settings;
		const { app, user } = this.caller;
		const { waitedMs, coldStartMs } = this.#place ?? { waitedMs: 0, coldStartMs: 0 };
		this.#log.write({
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
