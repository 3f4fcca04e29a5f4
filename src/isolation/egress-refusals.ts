/**
 * The log lines of one instance about where it could not go and what it could not look up: each with its
 * destination, and no flood of them.
 */
import { monotonicMs } from '../base/clock.ts';
import type { Log } from '../telemetry/log.ts';

export interface Refusal {
	/** An address, or a name that was asked for. */
	readonly destination: string;
	readonly port: number;
	/** A verdict of the policy, or the system's code (`ECONNREFUSED`). */
	readonly reason: string;
}

/** Lines a second; what comes beyond is counted and told with the next line. */
const LINES_MAX = 10;
const WINDOW_MS = 1_000;

export class EgressRefusals {
	readonly #log: Log;
	#windowMs = Number.NEGATIVE_INFINITY;
	#lines = 0;
	#untold = 0;

	constructor(log: Log) {
		this.#log = log;
	}

	/** The policy forbids it. */
	refused(refusal: Refusal): void {
		this.#tell('refused a connection of the function', refusal);
	}

	/** The policy forbids to look a name up. */
	refusedName(name: string, reason: string): void {
		this.#tell('refused to look up a name for the function', { name, reason });
	}

	/** The policy allows it, but nobody answered there. */
	failed(refusal: Refusal): void {
		this.#tell('could not reach where the function connected to', refusal);
	}

	/** Tells what was counted and not told. */
	close(): void {
		if (this.#untold > 0)
			this.#log.write('warn', 'refused more connections and names of the function', this.#count());
	}

	#tell(message: string, fields: Refusal | { readonly name: string; readonly reason: string }): void {
		const nowMs = monotonicMs();
		if (nowMs - this.#windowMs >= WINDOW_MS) {
			this.#windowMs = nowMs;
			this.#lines = 0;
		}
		if (this.#lines === LINES_MAX) {
			this.#untold += 1;
			return;
		}
		this.#lines += 1;
		this.#log.write('warn', message, { ...fields, ...this.#count() });
	}

	#count(): { readonly untold?: number } {
		if (this.#untold === 0) return {};
		const untold = this.#untold;
		this.#untold = 0;
		return { untold };
	}
}
