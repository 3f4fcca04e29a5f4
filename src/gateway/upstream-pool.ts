/**
 * The connections to one instance of a function. A connection is reused only while the function's own keep-alive promise holds,
 * less a margin for the request's way there; where it promised nothing, for a short window. A request reaches a
 * function at most once, so a reused connection that turns out to be dead costs its request.
 *
 * A function may serve one connection at a time, and then an idle one of ours would keep it from the next (the cloud
 * opens a connection for each request). So while a new connection waits longer than usual for its first byte, no idle one
 * is kept.
 */
import { LIMITS } from '../contract/limits.ts';
import type { Connection } from '../engine/connection.ts';
import type { ConnectionKeeper, LeasedInstance } from '../pool/instance-source.ts';
import { sharedDeadlines } from './shared-deadlines.ts';
import { UpstreamConnection, type UpstreamOwner } from './upstream-connection.ts';

const IDLE_MAX = 256;
const PROMISE_MARGIN_MS = 1000;
const PROMISE_MS_MAX = 60_000;
/** Longer than a server that takes connections side by side needs to begin with one, mostly. */
const FIRST_BYTE_MS = 50;

export class UpstreamPool implements UpstreamOwner, ConnectionKeeper {
	readonly #instance: LeasedInstance;
	#idle: UpstreamConnection[] = [];
	/** New connections that may be waiting for an idle one to go. */
	readonly #overdue = new Set<UpstreamConnection>();
	/** Somebody in another process may be waiting for the same. */
	#makesWay = false;
	#closed = false;

	constructor(instance: LeasedInstance) {
		this.#instance = instance;
		instance.keptBy?.(this);
	}

	/** The connection used last, or null. */
	take(): UpstreamConnection | null {
		const upstream = this.#idle.pop() ?? null;
		upstream?.idleDeadline.clear();
		return upstream;
	}

	/** A new connection: it may be written to at once, and tells a failure as a loss. */
	open(): UpstreamConnection {
		const begin = (upstream: UpstreamConnection) =>
			this.#instance.connect(upstream, () => {
				upstream.open = true;
			});
		const upstream = new UpstreamConnection(begin, this);
		sharedDeadlines(FIRST_BYTE_MS).set(upstream.firstByte);
		return upstream;
	}

	/** Makes a connection that somebody else opened one of ours: the one that proved readiness. */
	adopt(connection: Connection): UpstreamConnection {
		const adopted = new UpstreamConnection((upstream) => {
			connection.handler = upstream;
			return connection;
		}, this);
		adopted.open = true;
		return adopted;
	}

	/** Takes an answered connection back, or closes it where it can not be reused. */
	put(upstream: UpstreamConnection): void {
		upstream.detach();
		const windowMs = reuseWindowMs(upstream);
		if (
			!upstream.reusable ||
			upstream.closed ||
			// The function answered before it had read the request: it may never read on.
			upstream.connection.queued ||
			windowMs <= 0 ||
			this.#overdue.size > 0 ||
			this.#makesWay ||
			this.#closed ||
			this.#idle.length >= IDLE_MAX
		) {
			upstream.destroy();
			return;
		}
		this.#idle.push(upstream);
		sharedDeadlines(windowMs).set(upstream.idleDeadline);
	}

	/** Closes what is idle and keeps nothing from now on. */
	close(): void {
		this.#closed = true;
		this.closeIdle();
	}

	onIdleLoss(upstream: UpstreamConnection): void {
		const index = this.#idle.indexOf(upstream);
		if (index >= 0) this.#idle.splice(index, 1);
	}

	onNoFirstByte(upstream: UpstreamConnection): void {
		if (this.#overdue.size === 0) this.#instance.waits?.(true);
		this.#overdue.add(upstream);
		this.closeIdle();
	}

	onFirstByte(upstream: UpstreamConnection): void {
		if (this.#overdue.delete(upstream) && this.#overdue.size === 0) this.#instance.waits?.(false);
	}

	makeWay(wanted: boolean): void {
		this.#makesWay = wanted;
		if (wanted) this.closeIdle();
	}

	closeIdle(): void {
		const idle = this.#idle;
		this.#idle = [];
		for (const upstream of idle) upstream.destroy();
	}
}

function reuseWindowMs(upstream: UpstreamConnection): number {
	if (upstream.promisedMs < 0) return LIMITS.upstreamIdleMs;
	return Math.min(upstream.promisedMs, PROMISE_MS_MAX) - PROMISE_MARGIN_MS;
}
