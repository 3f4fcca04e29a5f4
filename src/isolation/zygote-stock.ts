/**
 * Zygotes: processes that have loaded everything but a function, and wait for one: engines, for edge functions, and shells, for what has a
 * bootstrap. A cold start that gets one pays for no engine, and for no spawn. Each serves one function, once.
 *
 *     made ──▶ ready ──take──▶ an instance's
 *       └─ends──┴──▶ backoff ──▶ made anew, until that has failed too often
 *
 * There may be none: engines are large, so few are kept, and whoever finds none starts as other functions do.
 */
import { monotonicMs } from '../base/clock.ts';
import { Backoff } from '../process/backoff.ts';
import type { InstanceLimits } from './cgroup.ts';

/** The number that is kept. */
export interface ZygoteCounts {
	/** One for each function, from the one number to the other. */
	readonly least: number;
	readonly most: number;
	/** As many after a rush that found none, until none has come for a while. */
	readonly rush: number;
}

export interface ZygoteOptions<Zygote> {
	readonly counts: ZygoteCounts;
	/** Milliseconds after the last start; for tests. */
	readonly refillDelayMs?: number;
	/** Resolves when the engine waits. Rejects where it never will: then nothing of it is left. */
	make(limits: InstanceLimits | null): Promise<Zygote>;
	/** Lets go of one that nobody took: it has ended, or ends with what it is kept by. */
	discard(zygote: Zygote): void;
	/** What one is called where `report` is told that it has ended, and who starts without it. */
	readonly named: { readonly one: string; readonly forWhom: string };
	report(message: string, error: Error): void;
}

export const ENGINE = { one: 'an engine', forWhom: 'edge functions' };

const RUSH_MS = 60_000;
/** After the last start: loading an engine would take the processor from the function that starts. */
const REFILL_DELAY_MS = 250;
/** So many in a row that ended by themselves, and the next one is made when a function asks for it. */
const DEATHS_MAX = 5;

export class ZygoteStock<Zygote extends { readonly exited: Promise<unknown> }> {
	readonly #options: ZygoteOptions<Zygote>;
	readonly #ready = new Set<Zygote>();
	readonly #functions = new Set<string>();
	readonly #backoff = new Backoff();
	#emptyAtMs = Number.NEGATIVE_INFINITY;
	/** Of the last function that asked: the next one is likely to want the same. */
	#usualLimits: InstanceLimits | null = null;
	/** Before the first one, finding none is no rush. */
	#hadAny = false;
	#filling = false;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: ZygoteOptions<Zygote>) {
		this.#options = options;
	}

	/** One that waits, for the caller alone; null where there is none. */
	take(limits: InstanceLimits | null): Zygote | null {
		const [ready] = this.#ready;
		if (ready !== undefined) this.#ready.delete(ready);
		else if (this.#hadAny) this.#emptyAtMs = monotonicMs();
		this.#usualLimits = limits;
		this.refill();
		return ready ?? null;
	}

	/** Instances of this function will be started from here. */
	expect(functionName: string, limits: InstanceLimits): void {
		this.#usualLimits ??= limits;
		this.#functions.add(functionName);
	}

	/** Fills up a little later; asked again meanwhile, later still. */
	refill(): void {
		if (this.#closed) return;
		clearTimeout(this.#timer);
		const waitMs = Math.max(this.#options.refillDelayMs ?? REFILL_DELAY_MS, this.#backoff.waitMs());
		this.#timer = setTimeout(() => void this.#fill(), waitMs);
		this.#timer.unref();
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		for (const zygote of this.#ready) this.#discard(zygote);
	}

	get #wanted(): number {
		const { least, most, rush } = this.#options.counts;
		if (monotonicMs() - this.#emptyAtMs < RUSH_MS) return rush;
		return Math.min(most, Math.max(least, this.#functions.size));
	}

	/** One after the other, as long as they stay. */
	async #fill(): Promise<void> {
		if (this.#filling) return;
		this.#filling = true;
		try {
			while (!this.#closed && this.#ready.size < this.#wanted) {
				this.#keep(await this.#options.make(this.#usualLimits));
			}
		} catch (error) {
			this.#died(error as Error, 0);
		}
		this.#filling = false;
	}

	#keep(zygote: Zygote): void {
		const sinceMs = monotonicMs();
		this.#hadAny = true;
		this.#ready.add(zygote);
		zygote.exited.then(() => {
			if (this.#discard(zygote)) this.#died(new Error('it ended while it waited'), monotonicMs() - sinceMs);
		});
		if (this.#closed) this.#discard(zygote);
	}

	#died(error: Error, readyForMs: number): void {
		if (this.#closed) return;
		this.#backoff.died(readyForMs);
		const isTried = this.#backoff.deaths < DEATHS_MAX;
		const { one, forWhom } = this.#options.named;
		const outlook = isTried ? 'another one is made' : `${forWhom} start without`;
		this.#options.report(`${one} that waited has ended: ${outlook}`, error);
		if (isTried) this.refill();
	}

	/** Whether it was there. */
	#discard(zygote: Zygote): boolean {
		const wasReady = this.#ready.delete(zygote);
		if (wasReady) this.#options.discard(zygote);
		return wasReady;
	}
}
