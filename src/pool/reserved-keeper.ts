/** Keeps as many instances as are reserved, from the beginning on and after deaths. */
import type { ReservedInstances } from '../contract/scaling-settings.ts';
import { reservedAt, untilChange } from './cron-tactics.ts';

/** A start that was refused is tried again after this. */
const REFUSED_RETRY_MS = 10_000;

/** How long a clock that was set goes unnoticed. */
const CLOCK_LOOK_MS = 60_000;

export interface KeeperRules {
	/** Instances that are there, or being started. */
	living(): number;
	/** How many more there may be. */
	room(): number;
	/** Milliseconds until the next start may be. */
	waitMs(): number;
	/** Resolves when it has succeeded or failed. */
	start(): Promise<void>;
}

export class ReservedKeeper {
	readonly #reserved: ReservedInstances;
	readonly #atLeast: number;
	readonly #rules: KeeperRules;
	#count: number;
	#retryTimer: NodeJS.Timeout | undefined;
	#changeTimer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(reserved: ReservedInstances, atLeast: number, rules: KeeperRules) {
		this.#reserved = reserved;
		this.#atLeast = atLeast;
		this.#rules = rules;
		this.#count = Math.max(atLeast, reservedAt(reserved, Date.now()));
		this.#watchClock();
	}

	/** How many are to be kept now. */
	get count(): number {
		return this.#count;
	}

	/** Starts what is missing, or later where a start has to wait. */
	keep(): void {
		if (this.#closed || this.#retryTimer !== undefined || this.#count === 0) return;
		while (this.#rules.living() < this.#count && this.#rules.room() > 0) {
			const waitMs = this.#rules.waitMs();
			if (waitMs > 0) {
				this.#retryIn(waitMs);
				return;
			}
			void this.#rules.start();
		}
	}

	/** A start has failed: by a refusal, which the same start would meet again, or by a death. */
	startFailed(refused: boolean): void {
		if (refused) this.#retryIn(REFUSED_RETRY_MS);
		else this.keep();
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#retryTimer);
		clearTimeout(this.#changeTimer);
	}

	#retryIn(ms: number): void {
		if (this.#closed || this.#count === 0) return;
		clearTimeout(this.#retryTimer);
		this.#retryTimer = setTimeout(() => {
			this.#retryTimer = undefined;
			this.keep();
		}, ms);
	}

	#watchClock(): void {
		if (this.#reserved.tactics.length === 0 || this.#closed) return;
		// The clock may be set to another time, at which other rules hold: it is looked at whatever they say now.
		const ms = Math.min(CLOCK_LOOK_MS, untilChange(this.#reserved, Date.now()) ?? CLOCK_LOOK_MS);
		this.#changeTimer = setTimeout(() => {
			this.#count = Math.max(this.#atLeast, reservedAt(this.#reserved, Date.now()));
			this.#watchClock();
			this.keep();
		}, ms);
		this.#changeTimer.unref();
	}
}
