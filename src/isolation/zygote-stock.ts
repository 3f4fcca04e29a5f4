/**
 * Zygotes: places in which an engine has loaded everything but a function, and waits for one. The cold start of an edge function
 * that gets one pays for no engine. Each serves one function, once.
 *
 *     place made ──load──▶ ready ──take──▶ an instance's
 *          └─ engine ends ─┴──▶ backoff ──▶ made anew, until that has failed too often
 *
 * There may be none: engines are large, so few are kept, and whoever finds none starts in an ordinary place.
 */
import { monotonicMs } from '../base/clock.ts';
import { Backoff } from '../process/backoff.ts';
import type { InstanceLimits } from './cgroup.ts';
import type { PlaceStock, StockedPlace } from './place-stock.ts';
import type { ThreadClient } from './thread-client.ts';

/** One for each function, from the one number to the other: 10 to 20 MB of memory each that they do not share. */
const READY_ZYGOTES = 2;
const ZYGOTES_MAX = 4;
/** As many after a rush that found none, until none has come for a while. */
const RUSH_ZYGOTES = 8;
const RUSH_MS = 60_000;
/** After the last start: loading an engine would take the processor from the function that starts. */
const REFILL_DELAY_MS = 250;
/** An engine that has not loaded by then never will. */
const LOAD_MS_MAX = 20_000;
/** So many in a row that ended by themselves, and the next one is made when a function asks for it. */
const DEATHS_MAX = 5;

export interface ZygoteOptions {
	readonly thread: ThreadClient;
	/** Where places come from. */
	readonly places: Pick<PlaceStock, 'make' | 'end' | 'discard'>;
	/** Makes the shell that waits in a place the engine. */
	readonly script: string;
	/** Learns of each engine that ended while it was loading, or waiting. */
	readonly report: (message: string, error: Error) => void;
}

export class ZygoteStock {
	readonly #options: ZygoteOptions;
	readonly #ready = new Set<StockedPlace>();
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

	constructor(options: ZygoteOptions) {
		this.#options = options;
	}

	/** One that waits, for the caller alone, held to these limits; null where there is none. */
	take(limits: InstanceLimits): StockedPlace | null {
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
		const waitMs = Math.max(REFILL_DELAY_MS, this.#backoff.waitMs());
		this.#timer = setTimeout(() => void this.#fill(), waitMs);
		this.#timer.unref();
	}

	/** Makes one now. Rejects where no place is to be had, or no engine stays in it. */
	async prepare(): Promise<void> {
		const place = await this.#make();
		const sinceMs = monotonicMs();
		this.#hadAny = true;
		this.#ready.add(place);
		place.exited.then(() => {
			if (!this.#discard(place) || this.#closed) return;
			this.#died(new Error('it ended while it waited'), monotonicMs() - sinceMs);
			if (this.#backoff.deaths < DEATHS_MAX) this.refill();
		});
		if (this.#closed) this.#discard(place);
	}

	/** The processes of what is kept end with the thread. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		for (const place of this.#ready) this.#discard(place);
	}

	get #wanted(): number {
		if (monotonicMs() - this.#emptyAtMs < RUSH_MS) return RUSH_ZYGOTES;
		return Math.min(ZYGOTES_MAX, Math.max(READY_ZYGOTES, this.#functions.size));
	}

	/** The engine loads in the group that its instance will be held by: what it takes is the instance's from the beginning. */
	async #make(): Promise<StockedPlace> {
		const { thread, places, script } = this.#options;
		const place = await places.make(this.#usualLimits);
		const { id } = place;
		const patience = setTimeout(() => void thread.call('kill', { id }).catch(() => {}), LOAD_MS_MAX);
		try {
			await thread.call('load', { id, script });
			return place;
		} catch (error) {
			await places.end(place);
			throw error;
		} finally {
			clearTimeout(patience);
		}
	}

	/** One after the other, as long as they stay. */
	async #fill(): Promise<void> {
		if (this.#filling) return;
		this.#filling = true;
		try {
			while (!this.#closed && this.#ready.size < this.#wanted) await this.prepare();
		} catch (error) {
			if (!this.#closed) this.#died(error as Error, 0);
		}
		this.#filling = false;
		if (this.#closed || this.#ready.size >= this.#wanted || this.#backoff.deaths >= DEATHS_MAX) return;
		this.refill();
	}

	#died(error: Error, readyForMs: number): void {
		this.#backoff.died(readyForMs);
		const { deaths } = this.#backoff;
		const outlook = deaths < DEATHS_MAX ? 'another one is made' : 'edge functions start without';
		this.#options.report(`an engine that waited for an edge function has ended: ${outlook}`, error);
	}

	/** Whether it was there. */
	#discard(place: StockedPlace): boolean {
		const wasReady = this.#ready.delete(place);
		if (wasReady) void this.#options.places.discard(place);
		return wasReady;
	}
}
