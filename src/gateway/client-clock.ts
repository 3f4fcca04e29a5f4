/**
 * How long one client may keep its connection waiting. One deadline serves every wait: for a head, for body bytes,
 * for the client to read, between requests, and for the end.
 */
import { Deadline } from '../base/deadline.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { ReadingPhase } from './request-reader.ts';

export class ClientClock {
	/** True while the client reads slower than we write. */
	clientIsSlow = false;
	readonly #context: GatewayContext;
	readonly #deadline: Deadline;

	constructor(context: GatewayContext, onExpired: () => void) {
		this.#context = context;
		this.#deadline = new Deadline(onExpired);
		context.headDeadlines.set(this.#deadline);
	}

	/** Takes note of whether the client took what was written; answers the same. */
	written(taken: boolean): boolean {
		if (!taken) {
			this.clientIsSlow = true;
			this.#context.stallDeadlines.set(this.#deadline);
		}
		return taken;
	}

	/** The client has taken it after all. */
	taken(): void {
		this.clientIsSlow = false;
		this.#deadline.clear();
	}

	/** Sets the deadline for what the client has to send next, if anything: while the function is slow, nothing. */
	awaitRequest(phase: ReadingPhase, upstreamIsSlow: boolean): void {
		const { headDeadlines, stallDeadlines } = this.#context;
		// Not for every byte anew: a head that drips in must end too.
		if (phase === 'head' && this.#deadline.queue !== headDeadlines) headDeadlines.set(this.#deadline);
		if (phase !== 'body') return;
		if (!upstreamIsSlow) stallDeadlines.set(this.#deadline);
		else if (!this.clientIsSlow) this.#deadline.clear();
	}

	awaitNext(): void {
		this.#context.idleDeadlines.set(this.#deadline);
	}

	/** The end: short where everything is out, long enough for a slow client where it is not. */
	awaitEnd(queued: boolean): void {
		const { lingerDeadlines, stallDeadlines } = this.#context;
		(queued ? stallDeadlines : lingerDeadlines).set(this.#deadline);
	}

	clear(): void {
		this.#deadline.clear();
	}
}
