/** Requests that wait for a place, in their order. */
import { Deadline, DeadlineQueue } from '../base/deadline.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { PlaceWait } from './instance-source.ts';
import type { PoolMember } from './pool-member.ts';

export class Waiter implements PlaceWait {
	readonly place: Promise<PoolMember>;
	readonly requestId: string;
	readonly deadline: Deadline;
	/** Its time has passed while an instance was being started for it: refused when that start brings it nothing. */
	overdue = false;
	readonly #queue: PlaceQueue;
	readonly #settle: PromiseWithResolvers<PoolMember>;
	#member: PoolMember | null = null;

	constructor(requestId: string, queue: PlaceQueue, onDeadline: (waiter: Waiter) => void) {
		this.requestId = requestId;
		this.#queue = queue;
		this.#settle = Promise.withResolvers<PoolMember>();
		this.place = this.#settle.promise;
		this.deadline = new Deadline(() => onDeadline(this));
	}

	cancel(): void {
		if (this.#queue.remove(this)) return;
		const member = this.#member;
		this.#member = null;
		member?.release(this.requestId, 'abandoned');
	}

	/** The member's place is this request's. */
	grant(member: PoolMember): void {
		member.enter(this.requestId);
		this.#member = member;
		this.#settle.resolve(member);
	}

	refuse(error: RuntimeError): void {
		this.#settle.reject(error);
	}
}

export class PlaceQueue {
	readonly #deadlineMs: number;
	readonly #waiters = new Set<Waiter>();
	readonly #onEmpty: () => void;
	#deadlines: DeadlineQueue | null = null;

	/** `onEmpty`: the last one has left, for whatever reason. */
	constructor(deadlineMs: number, onEmpty: () => void) {
		this.#deadlineMs = deadlineMs;
		this.#onEmpty = onEmpty;
	}

	get length(): number {
		return this.#waiters.size;
	}

	add(waiter: Waiter): void {
		this.#deadlines ??= new DeadlineQueue(this.#deadlineMs);
		this.#deadlines.set(waiter.deadline);
		this.#waiters.add(waiter);
	}

	/** The one that came first. */
	shift(): Waiter | null {
		const [first] = this.#waiters;
		if (first === undefined) return null;
		this.remove(first);
		return first;
	}

	/** Whether it was in the queue. */
	remove(waiter: Waiter): boolean {
		waiter.deadline.clear();
		const removed = this.#waiters.delete(waiter);
		if (removed && this.#waiters.size === 0) this.#onEmpty();
		return removed;
	}

	/** How many came before it. */
	position(waiter: Waiter): number {
		let position = 0;
		for (const other of this.#waiters) {
			if (other === waiter) break;
			position += 1;
		}
		return position;
	}

	*[Symbol.iterator](): Generator<Waiter> {
		yield* this.#waiters;
	}
}
