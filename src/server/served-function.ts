/** The one function of `run`: what answers requests, and its exchange for another one while they come. */
import { assert } from '../base/assert.ts';
import { SharedBudget } from '../base/shared-budget.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { PoolStats } from '../pool/pool-stats.ts';
import type { InstanceObserver } from '../process/instance-observer.ts';
import type { RequestNames } from '../process/requests-in-flight.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServedTable } from '../workers/front.ts';
import { HostedFunction } from './hosted-function.ts';
import { Retirement } from './retirement.ts';

export interface ServedOptions {
	readonly isolation: Isolation;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	readonly log: Log;
	/** Told of its processes; absent: only the log is. */
	readonly instances?: InstanceObserver;
	/** Requests that wait at a time. */
	readonly queuedMax: number;
	/** See HostedOptions. */
	readonly requestNames: RequestNames | null;
}

export class ServedFunction {
	readonly #options: ServedOptions;
	readonly #waiting: SharedBudget;
	readonly #retirement = new Retirement();
	#hosted: HostedFunction | null = null;

	constructor(options: ServedOptions) {
		this.#options = options;
		this.#waiting = new SharedBudget(options.queuedMax);
	}

	/**
	 * The way for requests that begin from now on: to the function of this plan, or to the error that there is instead of one. Those that
	 * the function before still has are finished by it; then its instances end.
	 */
	exchange(plan: FunctionPlan | RuntimeError): ServedTable {
		const before = this.#hosted;
		this.#hosted = null;
		if (before !== null) this.#retirement.retire(before.pool);
		if (plan instanceof RuntimeError) return { functions: [], routes: [], fallback: { find: () => plan } };
		this.#hosted = new HostedFunction({ ...this.#options, plan, waiting: this.#waiting });
		return { functions: [this.#hosted], routes: null, fallback: null };
	}

	/** Of a function that is not watched: there is one. */
	get target(): FunctionTarget {
		assert(this.#hosted !== null, 'a plan was served');
		return this.#hosted.target;
	}

	/** Of the function that answers now. */
	stats(): PoolStats {
		return this.#hosted?.pool.stats() ?? NO_STATS;
	}

	/** Reserved instances that are not ready. */
	get lacking(): number {
		return this.#hosted?.pool.lacking ?? 0;
	}

	/** No request is left: what the function still does may end within the grace. */
	async retire(graceMs: number): Promise<void> {
		await Promise.all([this.#hosted?.pool.retire(graceMs), this.#retirement.stop(graceMs)]);
	}

	/** Ends all instances now. */
	async stop(): Promise<void> {
		await Promise.all([this.#hosted?.pool.stop(), this.#retirement.stop(0)]);
	}
}

const NO_STATS: PoolStats = { starting: 0, ready: 0, leaving: 0, requests: 0, waiting: 0, starts: 0 };
