/**
 * The function timeout of one exchange. It stands still while only the client keeps the exchange waiting, so that a
 * slow client does not use up the function's time.
 */
import { monotonicMs } from '../base/clock.ts';
import { Deadlined } from '../base/deadline.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { LeaseEnd } from '../pool/instance-source.ts';
import { functionTimeout } from './exchange-errors.ts';
import type { FunctionTarget } from './function-target.ts';

/** Whose time it is. */
export interface TimedCall {
	/** `how` the function's place is given back: by 'timeout' where it has had its time. */
	onTimeout(error: RuntimeError, how: LeaseEnd): void;
}

/** How long it may take, and where that is waited for. */
export interface TimedTarget extends Pick<FunctionTarget, 'deadlines'> {
	readonly settings: Pick<FunctionTarget['settings'], 'timeoutSeconds'>;
}

export class FunctionClock extends Deadlined {
	readonly #target: TimedTarget;
	readonly #call: TimedCall;
	/** When the wait for the client began, or -1. */
	#clientSinceMs = -1;
	/** Time spent on waits for the client that the deadline does not know of. */
	#clientMs = 0;
	#extension: NodeJS.Timeout | null = null;

	constructor(target: TimedTarget, call: TimedCall) {
		super();
		this.#target = target;
		this.#call = call;
	}

	/** Grants the whole timeout from now on. */
	start(): void {
		this.stop();
		this.#clientMs = 0;
		if (this.#clientSinceMs >= 0) this.#clientSinceMs = monotonicMs();
		this.#target.deadlines.set(this);
	}

	stop(): void {
		this.clear();
		if (this.#extension === null) return;
		clearTimeout(this.#extension);
		this.#extension = null;
	}

	/** Says whether it is the client that has to act next. */
	waitForClient(waiting: boolean): void {
		if (waiting === this.#clientSinceMs >= 0) return;
		if (!waiting) this.#clientMs += monotonicMs() - this.#clientSinceMs;
		this.#clientSinceMs = waiting ? monotonicMs() : -1;
	}

	expire(): void {
		if (this.#clientSinceMs >= 0) {
			const nowMs = monotonicMs();
			this.#clientMs += nowMs - this.#clientSinceMs;
			this.#clientSinceMs = nowMs;
		}
		const owedMs = this.#clientMs;
		this.#clientMs = 0;
		const { timeoutSeconds } = this.#target.settings;
		if (owedMs <= 0) this.#call.onTimeout(functionTimeout(timeoutSeconds), 'timeout');
		else this.#extend(owedMs);
	}

	#extend(ms: number): void {
		const expire = (): void => this.expire();
		this.#extension = setTimeout(expire, Math.min(Math.ceil(ms), TIMER_MS_MAX)).unref();
	}
}

/** setTimeout takes 32 bits. */
const TIMER_MS_MAX = 2_147_000_000;
