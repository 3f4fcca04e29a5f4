/** What every connection and exchange of one gateway shares. */
import { DeadlineQueue } from '../base/deadline.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { functionHeaderLines } from '../contract/headers.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Supervision } from '../process/supervision.ts';
import type { Log } from '../telemetry/log.ts';
import { HeldBytes } from './held-bytes.ts';
import type { UpstreamAddress } from './upstream-pool.ts';
import { UpstreamPool } from './upstream-pool.ts';

/** Bounds of the gateway's own, as milliseconds and bytes; tests shorten them. */
export interface GatewayLimits {
	readonly headTimeoutMs: number;
	readonly idleTimeoutMs: number;
	readonly stallTimeoutMs: number;
	readonly connectionsMax: number;
	readonly heldBytesMax: number;
}

export interface GatewayOptions {
	readonly settings: FunctionSettings;
	readonly supervision: Supervision;
	readonly log: Log;
	/** Where the function listens; 127.0.0.1:8000 unless told otherwise. */
	readonly upstream?: UpstreamAddress;
	readonly limits?: Partial<GatewayLimits>;
}

export class GatewayContext {
	readonly settings: FunctionSettings;
	readonly supervision: Supervision;
	readonly log: Log;
	readonly limits: GatewayLimits;
	readonly pool: UpstreamPool;
	/** The X-CFF lines that every request carries. */
	readonly functionLines: string;
	/** Bytes a response body may have: 6 MiB, or 200 MB with is_return_stream. */
	readonly responseBytesMax: number;
	readonly held: HeldBytes;
	readonly functionDeadlines: DeadlineQueue;
	readonly headDeadlines: DeadlineQueue;
	readonly idleDeadlines: DeadlineQueue;
	readonly stallDeadlines: DeadlineQueue;
	readonly lingerDeadlines = new DeadlineQueue(LINGER_MS);
	/** True from the moment a stop was asked for: answers say Connection: close. */
	draining = false;

	constructor(options: GatewayOptions) {
		this.settings = options.settings;
		this.supervision = options.supervision;
		this.log = options.log;
		this.limits = { ...LIMITS, ...options.limits };
		this.pool = new UpstreamPool(
			options.upstream ?? { host: LIMITS.functionHost, port: LIMITS.functionPort },
		);
		this.functionLines = functionHeaderLines(options.settings);
		this.responseBytesMax = options.settings.streamResponse
			? LIMITS.streamBodyBytesMax
			: LIMITS.responseBodyBytesMax;
		this.held = new HeldBytes(this.limits.heldBytesMax);
		this.functionDeadlines = new DeadlineQueue(options.settings.timeoutSeconds * 1000);
		this.headDeadlines = new DeadlineQueue(this.limits.headTimeoutMs);
		this.idleDeadlines = new DeadlineQueue(this.limits.idleTimeoutMs);
		this.stallDeadlines = new DeadlineQueue(this.limits.stallTimeoutMs);
	}
}

/** How long a connection that answered too early is still read, so that its client sees the answer. */
const LINGER_MS = 2000;
