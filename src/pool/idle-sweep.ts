/** Lets instances go that nobody has used for a while, and freezes idle ones where the function wants that. */
import { monotonicMs } from '../base/clock.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';
import type { LeastLoaded } from './least-loaded.ts';
import type { PoolMember } from './pool-member.ts';

/** An instance that has just answered may have something to finish. */
const FREEZE_AFTER_MS = 1_000;
/** Longest time a timer takes. */
const TIMER_MS_MAX = 2_147_000_000;

export interface SweepRules {
	/** Whether there are more instances than are reserved. */
	mayLeave(): boolean;
	leave(member: PoolMember): void;
}

export class IdleSweep {
	readonly #ready: LeastLoaded<PoolMember>;
	readonly #idleMs: number;
	readonly #freezes: boolean;
	readonly #rules: SweepRules;
	#timer: NodeJS.Timeout | undefined;
	/** When the timer fires. */
	#wakeAtMs = Number.POSITIVE_INFINITY;
	#closed = false;

	constructor(ready: LeastLoaded<PoolMember>, scaling: ScalingSettings, rules: SweepRules) {
		this.#ready = ready;
		this.#idleMs = scaling.idleSeconds * 1000;
		this.#freezes = scaling.idle === 'freeze';
		this.#rules = rules;
	}

	/** The member has no request any more. */
	add(member: PoolMember): void {
		const nowMs = monotonicMs();
		member.idleSinceMs = nowMs;
		const lookMs = this.#freezes ? Math.min(FREEZE_AFTER_MS, this.#idleMs) : this.#idleMs;
		if (nowMs + lookMs < this.#wakeAtMs) this.#sleep(nowMs, lookMs);
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
	}

	#sleep(nowMs: number, ms: number): void {
		if (this.#closed) return;
		clearTimeout(this.#timer);
		const timerMs = Math.min(Math.max(1, Math.ceil(ms)), TIMER_MS_MAX);
		this.#wakeAtMs = nowMs + timerMs;
		this.#timer = setTimeout(() => this.#sweep(), timerMs);
		this.#timer.unref();
	}

	#sweep(): void {
		this.#wakeAtMs = Number.POSITIVE_INFINITY;
		const nowMs = monotonicMs();
		let nextMs = Number.POSITIVE_INFINITY;
		// The one used longest ago comes first: the last idle ones are those that stay.
		for (const member of this.#ready.idle()) {
			// It comes again when that has ended.
			if (member.working) continue;
			const idleMs = nowMs - member.idleSinceMs;
			if (idleMs >= this.#idleMs && this.#rules.mayLeave()) {
				this.#rules.leave(member);
				continue;
			}
			if (this.#freezes && !member.frozen && idleMs >= FREEZE_AFTER_MS) member.freeze();
			nextMs = Math.min(nextMs, this.#nextLook(member, idleMs));
		}
		if (Number.isFinite(nextMs)) this.#sleep(nowMs, nextMs);
	}

	/** Milliseconds until something is to be decided about an idle member. */
	#nextLook(member: PoolMember, idleMs: number): number {
		const leaveMs = idleMs >= this.#idleMs ? this.#idleMs : this.#idleMs - idleMs;
		return this.#freezes && !member.frozen ? Math.min(leaveMs, FREEZE_AFTER_MS - idleMs) : leaveMs;
	}
}
