/**
 * The place that one exchange has on an instance, and the connection it is served on there.
 *
 *     none ──take──▶ placed ──dial──▶ connected ──end──▶ none
 *      │               ▲
 *      └──wait──▶ waiting ──end──▶ none
 *
 * Every place is given back exactly once, and every connection goes back with it or is closed.
 */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { LeasedInstance, LeaseEnd, PlaceWait } from '../pool/instance-source.ts';
import type { PlaceFound } from './exchange-client.ts';
import type { FunctionTarget } from './function-target.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamPool } from './upstream-pool.ts';

export class Lease {
	/** The connection that the request is on. */
	upstream: UpstreamConnection | null = null;
	readonly #target: FunctionTarget;
	readonly #requestId: string;
	#instance: LeasedInstance | null = null;
	#pool: UpstreamPool | null = null;
	#wait: PlaceWait | null = null;

	constructor(target: FunctionTarget, requestId: string) {
		this.#target = target;
		this.#requestId = requestId;
	}

	/** Takes a place if there is one at once. */
	take(): boolean {
		this.#instance = this.#target.source.take(this.#requestId);
		return this.#instance !== null;
	}

	/** Waits for a place. One of the two is called, later, unless the lease ends before. */
	wait(onPlace: (found: PlaceFound) => void, onRefused: (error: unknown) => void): void {
		const sinceMs = monotonicMs();
		const wait = this.#target.source.wait(this.#requestId);
		this.#wait = wait;
		wait.place.then(
			(instance) => {
				// Cancelled meanwhile: whoever made the place takes it back.
				if (this.#wait !== wait) return;
				this.#wait = null;
				this.#instance = instance;
				onPlace(placeFound(sinceMs, instance.life));
			},
			(error: unknown) => {
				if (this.#wait !== wait) return;
				this.#wait = null;
				onRefused(error);
			},
		);
	}

	/** The connection to use on the place taken: the one that proved readiness, one that is idle, or a new one. */
	dial(): UpstreamConnection {
		const instance = this.#instance;
		if (instance === null) throw new Error('there is no place to connect to');
		const pool = this.#target.upstreams(instance);
		const probe = instance.takeProbe();
		this.#pool = pool;
		this.upstream = probe === null ? (pool.take() ?? pool.open()) : pool.adopt(probe);
		return this.upstream;
	}

	/** Why the connection was lost. The place is kept meanwhile: it tells the instance whose request it was. */
	causeOfLoss(): Promise<RuntimeError> {
		if (this.#instance === null) throw new Error('there is no instance to ask');
		return this.#instance.causeOfLoss();
	}

	/** Gives place and connection back, or the wait up. `reuse`: the connection is good for another request. Twice is harmless. */
	end(how: LeaseEnd, reuse: boolean): void {
		const instance = this.#instance;
		const upstream = this.upstream;
		const wait = this.#wait;
		this.#instance = null;
		this.upstream = null;
		this.#wait = null;
		wait?.cancel();
		if (upstream !== null) {
			if (reuse) this.#pool?.put(upstream);
			else upstream.destroy();
		}
		// The connection first: who gets the place next may use it.
		instance?.release(this.#requestId, how);
	}
}

/** An instance that listened before was only waited for; of one that did not, the time from its start on is a cold start. */
function placeFound(sinceMs: number, { startedMs, readyMs }: LeasedInstance['life']): PlaceFound {
	const waitedMs = monotonicMs() - sinceMs;
	return { waitedMs, coldStartMs: Math.max(0, Math.min(waitedMs, readyMs - Math.max(startedMs, sinceMs))) };
}
