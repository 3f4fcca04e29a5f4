/** Starts instances, not more often than their deaths allow: crash loops back off, for the whole function. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeError } from '../contract/errors.ts';
import { Backoff, STEADY_MS } from '../process/backoff.ts';
import type { ExitCause } from '../process/exit-cause.ts';
import { Instance } from '../process/instance.ts';
import type { InstanceOptions } from '../process/instance-options.ts';
import { crashLoopError } from '../process/start-errors.ts';

export interface StartOutcome {
	/** `series` is told to `died` when its end has come. */
	ready(instance: Instance, series: number): void;
	/** `refused`: no process was started, and the same start would be refused again. */
	failed(error: RuntimeError, refused: boolean): void;
}

/** A start that is put off for no longer is waited for. */
const WAIT_MS_MAX = 1_000;

export class InstanceStarter {
	readonly #options: InstanceOptions;
	readonly #outcome: StartOutcome;
	readonly #backoff = new Backoff();
	readonly #starting = new Set<Instance>();
	readonly #closing = new AbortController();
	/** Starts that wait for their moment. */
	#delayed = 0;
	#starts = 0;
	/** Deaths counted so far. */
	#series = 0;
	#lastCause: ExitCause | null = null;

	constructor(
		{ settings, sandbox, isolation, hostEnvironment, log, observer, requestNames = null }: InstanceOptions,
		outcome: StartOutcome,
	) {
		const options = { settings, sandbox, isolation, hostEnvironment, log, requestNames };
		this.#options = observer === undefined ? options : { ...options, observer };
		this.#outcome = outcome;
	}

	/** Starts that have neither succeeded nor failed. */
	get underWay(): number {
		return this.#starting.size + this.#delayed;
	}

	/** All so far. */
	get starts(): number {
		return this.#starts;
	}

	/** The next start is further away than anybody should wait for. */
	get putOff(): boolean {
		return this.waitMs() > WAIT_MS_MAX;
	}

	/** Milliseconds until the next start may be. */
	waitMs(): number {
		return this.#backoff.waitMs();
	}

	crashLoop(): RuntimeError {
		return crashLoopError(this.#backoff.deaths, this.#lastCause, this.waitMs());
	}

	/** Starts as soon as it may, where it is wanted still. */
	async startSoon(isWanted: () => boolean): Promise<void> {
		const waitMs = this.waitMs();
		if (waitMs > 0) {
			this.#delayed += 1;
			await delay(waitMs, null, { signal: this.#closing.signal }).catch(() => null);
			this.#delayed -= 1;
			if (!isWanted()) return;
		}
		await this.start();
	}

	/** Starts now. Resolves when the outcome has been told; never rejects. */
	async start(): Promise<void> {
		if (this.#closing.signal.aborted) return;
		const instance = new Instance(this.#options);
		const series = this.#series;
		this.#starting.add(instance);
		this.#starts += 1;
		try {
			await instance.start();
		} catch (error) {
			const cause = await instance.ending;
			this.#starting.delete(instance);
			if (cause.kind === 'start-refused') this.#lastCause = cause;
			else if (cause.kind !== 'stopped') this.died(cause, 0, series);
			this.#outcome.failed(error as RuntimeError, cause.kind === 'start-refused');
			return;
		}
		this.#starting.delete(instance);
		this.#outcome.ready(instance, series);
		if (this.#closing.signal.aborted) await instance.stop(0);
	}

	/**
	 * An instance has ended by itself, after so long a time of being ready. Of those that were started before the last death was
	 * known, and die as well, one counts: fifty that die of one thing at one time are no series of fifty.
	 */
	died(cause: ExitCause, readyForMs: number, series: number): void {
		this.#lastCause = cause;
		if (series < this.#series && readyForMs < STEADY_MS) return;
		this.#series += 1;
		const nextStartMs = this.#backoff.died(readyForMs);
		if (nextStartMs === 0) return;
		this.#options.log.write('warn', 'the function dies again and again: it is started later', {
			code: 'ERR_FUNCTION_CRASH_LOOP',
			deathsInARow: this.#backoff.deaths,
			nextStartMs,
		});
	}

	/** Ends what is being started, and starts nothing any more. */
	async stop(graceMs: number): Promise<void> {
		this.#closing.abort();
		await Promise.all([...this.#starting].map((instance) => instance.stop(graceMs)));
	}
}
