/**
 * Deadlines of one duration, cheap enough to set one for every request: since all last equally long, they expire in
 * the order they were set, so one timer serves them all and setting or clearing one touches two links.
 *
 *     const stall = new DeadlineQueue(30_000);
 *     const deadline = new Deadline(() => …);
 *     stall.set(deadline);    // again: starts over
 *     deadline.clear();       // twice is harmless
 *
 * A deadline fires up to TICK_MS late, never early. The timer does not keep the process alive.
 */
import { monotonicMs } from './clock.ts';

const TICK_MS = 5;

/** What a queue keeps; whoever needs one for every request is one, and does without an object and a callback. */
export abstract class Deadlined {
	atMs = 0;
	queue: DeadlineQueue | null = null;
	previous: Deadlined | null = null;
	next: Deadlined | null = null;

	abstract expire(): void;

	clear(): void {
		this.queue?.remove(this);
	}
}

export class Deadline extends Deadlined {
	readonly #onExpired: () => void;

	constructor(onExpired: () => void) {
		super();
		this.#onExpired = onExpired;
	}

	expire(): void {
		this.#onExpired();
	}
}

export class DeadlineQueue {
	readonly durationMs: number;
	#first: Deadlined | null = null;
	#last: Deadlined | null = null;
	#timing = false;

	constructor(durationMs: number) {
		this.durationMs = durationMs;
	}

	set(deadline: Deadlined): void {
		deadline.queue?.remove(deadline);
		deadline.queue = this;
		deadline.atMs = monotonicMs() + this.durationMs;
		deadline.previous = this.#last;
		if (this.#last === null) this.#first = deadline;
		else this.#last.next = deadline;
		this.#last = deadline;
		if (!this.#timing) this.#startTimer(this.durationMs);
	}

	remove(deadline: Deadlined): void {
		if (deadline.queue !== this) return;
		if (deadline.previous === null) this.#first = deadline.next;
		else deadline.previous.next = deadline.next;
		if (deadline.next === null) this.#last = deadline.previous;
		else deadline.next.previous = deadline.previous;
		deadline.previous = null;
		deadline.next = null;
		deadline.queue = null;
	}

	#startTimer(delayMs: number): void {
		this.#timing = true;
		// setTimeout takes 32 bits; the longest function timeout does not fit and is waited for in steps.
		setTimeout(() => this.#tick(), Math.min(delayMs + TICK_MS, 2_147_000_000)).unref();
	}

	#tick(): void {
		this.#timing = false;
		const nowMs = monotonicMs();
		while (this.#first !== null && this.#first.atMs <= nowMs) {
			const due = this.#first;
			this.remove(due);
			due.expire();
		}
		if (this.#first !== null && !this.#timing) this.#startTimer(this.#first.atMs - nowMs);
	}
}
