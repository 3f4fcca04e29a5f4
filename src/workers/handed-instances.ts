/** The instances that workers have had places on, by number, for as long as there are any. */
import { monotonicMs } from '../base/clock.ts';
import type { PoolMember } from '../pool/pool-member.ts';

export interface HandedInstance {
	readonly number: number;
	readonly member: PoolMember;
	/** Places that workers have on it. */
	places: number;
	ended: boolean;
}

export class HandedInstances {
	readonly #byMember = new Map<PoolMember, HandedInstance>();
	readonly #byNumber = new Map<number, HandedInstance>();
	readonly #onEnding: (number: number) => void;
	#count = 0;

	/** `onEnding` is told once of each that is certain to end. */
	constructor(onEnding: (number: number) => void) {
		this.#onEnding = onEnding;
	}

	/** One more place of it is handed out. */
	enter(member: PoolMember): HandedInstance {
		const instance = this.#byMember.get(member) ?? this.#add(member);
		instance.places += 1;
		return instance;
	}

	leave(instance: HandedInstance): void {
		instance.places -= 1;
		this.#forget(instance);
	}

	/** Undefined: it has ended, and nobody has a place there. */
	get(number: number): PoolMember | undefined {
		return this.#byNumber.get(number)?.member;
	}

	/** A descriptor of a new connection to it, the caller's to close. */
	async openSocket(number: number): Promise<number> {
		const member = this.get(number);
		if (member === undefined) throw new Error('the instance has ended');
		return await member.openSocket();
	}

	#add(member: PoolMember): HandedInstance {
		this.#count += 1;
		const instance = { number: this.#count, member, places: 0, ended: false };
		this.#byMember.set(member, instance);
		this.#byNumber.set(instance.number, instance);
		// Nobody else uses it: a function that serves one connection at a time would wait on it.
		member.takeProbe()?.destroy();
		void member.ending.then(() => {
			instance.ended = true;
			this.#onEnding(instance.number);
			this.#forget(instance);
		});
		return instance;
	}

	#forget(instance: HandedInstance): void {
		if (!instance.ended || instance.places > 0) return;
		this.#byMember.delete(instance.member);
		this.#byNumber.delete(instance.number);
	}
}

/** How long ago its start began, and when it listened: the clocks of two processes do not agree on more. */
export function agesOf({ life }: PoolMember): { readonly startedForMs: number; readonly readyForMs: number } {
	const nowMs = monotonicMs();
	return { startedForMs: nowMs - life.startedMs, readyForMs: nowMs - life.readyMs };
}
