/** Requests that wait for a place, in their order. */
import { Deadline, DeadlineQueue } from '../base/deadline.ts';
import type { BudgetShare } from '../base/shared-budget.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { PlaceWait } from './instance-source.ts';
import { hostFullError } from './pool-errors.ts';
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

/** How many requests of all functions may wait; each pool has its share. */
export type WaitingRoom = Pick<BudgetShare, 'reserve' | 'free'>;

export class PlaceQueue {
	readonly #deadlineMs: number;
	readonly #waiters = new Set<Waiter>();
	readonly #room: WaitingRoom | null;
	readonly #onEmpty: () => void;
	#deadlines: DeadlineQueue | null = null;

	/** `room`: null where the host has room for any number. `onEmpty`: the last one has left, for whatever reason. */
	constructor(deadlineMs: number, room: WaitingRoom | null, onEmpty: () => void) {
		this.#deadlineMs = deadlineMs;
		this.#room = room;
		this.#onEmpty = onEmpty;
	}

	get length(): number {
		return this.#waiters.size;
	}

	/** False: it is refused, because the host has no room for one more that waits. */
	add(waiter: Waiter): boolean {
		if (this.#room?.reserve(1) === false) {
			waiter.refuse(hostFullError());
			return false;
		}
		this.#deadlines ??= new DeadlineQueue(this.#deadlineMs);
		this.#deadlines.set(waiter.deadline);
		this.#waiters.add(waiter);
		return true;
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
		if (removed) this.#room?.free(1);
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

	/** Removes and answers those whose time has passed, but for so many that came first. */
	takeOverdue(exempt: number): readonly Waiter[] {
		const overdue = [...this.#waiters].filter((waiter, index) => waiter.overdue && index >= exempt);
		for (const waiter of overdue) this.remove(waiter);
		return overdue;
	}
}
