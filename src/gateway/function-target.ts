/** One function, or one version of it, as the gateway sees it. On its own it is a router that always answers itself. */
import type { DeadlineQueue } from '../base/deadline.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { functionHeaderLines } from '../contract/headers.ts';
import { LIMITS } from '../contract/limits.ts';
import type { InstanceSource, LeasedInstance } from '../pool/instance-source.ts';
import type { Log } from '../telemetry/log.ts';
import type { RequestObserver } from './request-observer.ts';
import { sharedDeadlines } from './shared-deadlines.ts';
import { UpstreamPool } from './upstream-pool.ts';

export interface TargetOptions {
	readonly settings: FunctionSettings;
	/** Who keeps its instances. */
	readonly source: InstanceSource;
	/** Where errors of its requests are written. */
	readonly log: Log;
	/** Told of each of its requests; null: nobody counts them. */
	readonly observer?: RequestObserver | null;
}

export class FunctionTarget {
	// It is a Passage: the way to itself, with nothing before it.
	readonly target = this;
	readonly api = null;
	readonly settings: FunctionSettings;
	readonly source: InstanceSource;
	readonly log: Log;
	/** The X-CFF lines that every request carries. */
	readonly functionLines: string;
	readonly observer: RequestObserver | null;
	/** Bytes a response body may have: 6 MiB, or 200 MB with is_return_stream. */
	readonly responseBytesMax: number;
	/** Where the function timeout is waited for. */
	readonly deadlines: DeadlineQueue;
	/** The connections to each instance that has been asked anything and has not ended. */
	readonly #pools = new Map<LeasedInstance, UpstreamPool>();

	/** ERR_CONFIG_INVALID for a setting that no header may hold. */
	constructor(options: TargetOptions) {
		this.settings = options.settings;
		this.source = options.source;
		this.log = options.log;
		this.observer = options.observer ?? null;
		this.functionLines = oneString(functionHeaderLines(options.settings));
		this.responseBytesMax = options.settings.streamResponse
			? LIMITS.streamBodyBytesMax
			: LIMITS.responseBodyBytesMax;
		this.deadlines = sharedDeadlines(options.settings.timeoutSeconds * 1000);
	}

	/** How many instances it holds connections for. */
	get instanceCount(): number {
		return this.#pools.size;
	}

	/** As a Router. */
	find(): FunctionTarget {
		return this;
	}

	/** The connections to this instance. */
	upstreams(instance: LeasedInstance): UpstreamPool {
		return this.#pools.get(instance) ?? this.#newPool(instance);
	}

	#newPool(instance: LeasedInstance): UpstreamPool {
		const pool = new UpstreamPool(instance);
		this.#pools.set(instance, pool);
		void instance.ending.then(() => {
			this.#pools.delete(instance);
			pool.close();
		});
		return pool;
	}
}

/** Joined text is kept as its parts until it is read; these lines are kept for as long as the function is served. */
function oneString(latin1: string): string {
	return Buffer.from(latin1, 'latin1').toString('latin1');
}
