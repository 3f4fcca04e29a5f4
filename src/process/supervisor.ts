/**
 * Keeps one instance of one function: started when it is needed, restarted when it died, ended when told.
 *
 *     absent ──> spawning ──> probing ──> ready ──> draining ──> exited(cause)
 *                 ^   │          │                     ^             │
 *                 │   │          └─ init timeout, exit ┘             │
 *                 │   └─ refused: no process was started ──────────> │
 *                 └──────────── the next request, or eager ──────────┘
 *
 * ready ──> draining: the bootstrap ended, stopped listening, or stop(). While draining, every process of the
 * instance is being ended; only when none is left (exited) may the next one start. stop() is final.
 *
 * It never sends a request, and never repeats one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection } from '../engine/connection.ts';
import type { Log } from '../telemetry/log.ts';
import { Backoff } from './backoff.ts';
import type { ExitCause } from './exit-cause.ts';
import { lossError } from './exit-cause.ts';
import { logExit } from './exit-log.ts';
import type { Instance } from './instance.ts';
import { launch } from './launch.ts';
import { listeningPlaces } from './listening-places.ts';
import { isPortHeld } from './port-holder.ts';
import { Probe } from './probe.ts';
import { awaitReadiness } from './readiness.ts';
import { RequestsInFlight } from './requests-in-flight.ts';
import { hostPort } from './socket-table.ts';
import {
	closedWithoutCause,
	crashLoopError,
	initTimeoutError,
	startFailure,
	stoppedError,
} from './start-errors.ts';
import type { Supervision } from './supervision.ts';

export interface SupervisorOptions {
	readonly settings: FunctionSettings;
	readonly log: Log;
	/** The environment of httpfn itself; the contract decides what of it a function sees. */
	readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
	/** Start at once, and again after a crash, without waiting for a request. */
	readonly eager?: boolean;
	/** For tests; the platform's port otherwise. */
	readonly port?: number;
	/** Milliseconds from SIGTERM to SIGKILL when stopped. */
	readonly stopGraceMs?: number;
}

type State =
	| { readonly kind: 'absent' }
	| { readonly kind: 'spawning' }
	| { readonly kind: 'probing'; readonly instance: Instance }
	| { readonly kind: 'ready'; readonly instance: Instance; readonly sinceMs: number }
	| { readonly kind: 'draining'; readonly instance: Instance }
	| { readonly kind: 'exited' };

/** A request waits so long for a start that is put off; one that is further away is refused at once. */
const BACKOFF_WAIT_MS_MAX = 1_000;
/** How long the loss of a connection waits for the news that explains it. */
const LOSS_MS_MAX = 250;
/** A function that has not even listened has no request to finish. */
const UNREADY_GRACE_MS = 500;
/** An eager start that was refused is tried again after this. */
const REFUSED_RETRY_MS = 10_000;
/** How long stop() waits for the log to take what the function still said. */
const OUTPUT_MS_MAX = 2_000;
const READY: Promise<void> = Promise.resolve();

export class Supervisor implements Supervision {
	readonly #options: SupervisorOptions;
	readonly #log: Log;
	readonly #port: number;
	readonly #requests = new RequestsInFlight();
	readonly #backoff = new Backoff();
	readonly #stopSignal = new AbortController();
	/** Outputs of ended instances that the log has not taken yet. */
	readonly #outputs = new Set<Instance>();
	#state: State = { kind: 'absent' };
	#lastCause: ExitCause | null = null;
	#probe: Probe | null = null;
	#starting: Promise<void> | null = null;
	#draining: Promise<void> | null = null;
	#stopping: Promise<void> | null = null;
	#eagerTimer: NodeJS.Timeout | undefined;

	constructor(options: SupervisorOptions) {
		this.#options = options;
		this.#log = options.log;
		this.#port = options.port ?? LIMITS.functionPort;
		if (options.eager === true) this.#startEagerly(0);
	}

	get ready(): boolean {
		return this.#state.kind === 'ready';
	}

	whenReady(): Promise<void> {
		if (this.#state.kind === 'ready') return READY;
		if (this.#stopping !== null) return Promise.reject(stoppedError());
		this.#starting ??= this.#start().finally(() => {
			this.#starting = null;
		});
		return this.#starting;
	}

	takeProbe(): Connection | null {
		return this.#probe?.take() ?? null;
	}

	enter(requestId: string): void {
		this.#requests.enter(requestId);
	}

	leave(requestId: string): void {
		this.#requests.leave(requestId);
	}

	async causeOfLoss(): Promise<RuntimeError> {
		const state = this.#state;
		if (state.kind !== 'ready') {
			const cause = state.kind === 'draining' ? state.instance.cause : this.#lastCause;
			return cause === null ? closedWithoutCause() : lossError(cause);
		}
		const { instance } = state;
		const patience = new AbortController();
		const cause = await Promise.race([
			instance.ending,
			delay(LOSS_MS_MAX, null, { signal: patience.signal }).catch(() => null),
		]);
		patience.abort();
		if (cause !== null) return lossError(cause);
		if (instance.cause === null && !(await isPortHeld(this.#port))) {
			// A bootstrap whose server is gone while it lives on would refuse every request from now on.
			this.#retire(instance, { kind: 'deaf', address: this.#address() }, UNREADY_GRACE_MS);
		}
		return instance.cause === null ? closedWithoutCause() : lossError(instance.cause);
	}

	stop(): Promise<void> {
		this.#stopping ??= this.#stop();
		return this.#stopping;
	}

	async #start(): Promise<void> {
		await this.#draining;
		const waitMs = this.#backoff.waitMs();
		if (waitMs > BACKOFF_WAIT_MS_MAX) throw crashLoopError(this.#backoff.deaths, this.#lastCause, waitMs);
		const stopSignal = this.#stopSignal.signal;
		if (waitMs > 0) await delay(waitMs, null, { signal: stopSignal }).catch(() => null);
		if (stopSignal.aborted) throw stoppedError();
		const startMs = monotonicMs();
		const instance = await this.#launch();
		if (stopSignal.aborted) this.#retire(instance, { kind: 'stopped' }, UNREADY_GRACE_MS);
		await this.#untilReady(instance);
		this.#log.write('info', 'the function is ready', {
			pid: instance.pid,
			startMs: Math.round((monotonicMs() - startMs) * 10) / 10,
		});
	}

	async #launch(): Promise<Instance> {
		this.#state = { kind: 'spawning' };
		try {
			const instance = await launch({
				settings: this.#options.settings,
				port: this.#port,
				log: this.#log,
				hostEnvironment: this.#options.hostEnvironment,
				requestId: () => this.#requests.speaker(),
			});
			this.#state = { kind: 'probing', instance };
			instance.ending.then((cause) => this.#retire(instance, cause, 0));
			return instance;
		} catch (failure) {
			const error = failure as RuntimeError;
			this.#lastCause = { kind: 'start-refused', error };
			this.#state = { kind: 'exited' };
			this.#log.write('error', error.message, { code: error.code });
			this.#startEagerly(REFUSED_RETRY_MS);
			throw error;
		}
	}

	async #untilReady(instance: Instance): Promise<void> {
		const over = new AbortController();
		instance.ending.then(() => over.abort());
		const timeoutSeconds = this.#options.settings.initTimeoutSeconds;
		const readiness = await awaitReadiness({
			host: LIMITS.functionHost,
			port: this.#port,
			timeoutMs: timeoutSeconds * 1000,
			signal: over.signal,
		});
		if (readiness.kind === 'timeout' && instance.cause === null) {
			const places = await listeningPlaces(instance.pid, instance.marker, this.#port);
			const error = initTimeoutError(this.#address(), timeoutSeconds, places);
			this.#retire(instance, { kind: 'init-timeout', error }, UNREADY_GRACE_MS);
		}
		if (readiness.kind === 'ready' && instance.cause === null) {
			const { connection } = readiness;
			this.#probe = connection === null ? null : new Probe(connection, LIMITS.upstreamIdleMs);
			this.#state = { kind: 'ready', instance, sinceMs: monotonicMs() };
			return;
		}
		if (readiness.kind === 'ready') readiness.connection?.destroy();
		throw await startFailure(instance, this.#address());
	}

	/** The way out of probing and ready, whatever the cause; only the first call for an instance acts. */
	#retire(instance: Instance, cause: ExitCause, graceMs: number): void {
		const state = this.#state;
		if ((state.kind !== 'probing' && state.kind !== 'ready') || state.instance !== instance) return;
		const readyForMs = state.kind === 'ready' ? monotonicMs() - state.sinceMs : null;
		this.#state = { kind: 'draining', instance };
		const ended = instance.end(cause, graceMs);
		this.#draining = this.#drain(instance, ended, readyForMs).finally(() => {
			this.#draining = null;
		});
	}

	async #drain(instance: Instance, ended: Promise<number>, readyForMs: number | null): Promise<void> {
		this.#probe?.close();
		this.#probe = null;
		const requestIds = this.#requests.ids();
		const [leftCount, stderr] = await Promise.all([ended, instance.lastStderr()]);
		const cause = instance.cause ?? { kind: 'stopped' };
		this.#lastCause = cause;
		const nextStartMs = cause.kind === 'stopped' ? 0 : this.#backoff.died(readyForMs ?? 0);
		this.#outputs.add(instance);
		instance.output.drain().then(() => this.#outputs.delete(instance));
		this.#state = { kind: 'exited' };
		logExit(this.#log, {
			pid: instance.pid,
			cause,
			wasReady: readyForMs !== null,
			stderr,
			requestIds,
			leftCount,
			deathsInARow: this.#backoff.deaths,
			nextStartMs,
		});
		this.#startEagerly(nextStartMs);
	}

	#startEagerly(afterMs: number): void {
		if (this.#options.eager !== true || this.#stopping !== null) return;
		clearTimeout(this.#eagerTimer);
		// A failure has been logged where it happened, and has set the next try.
		this.#eagerTimer = setTimeout(() => this.whenReady().catch(() => {}), afterMs);
	}

	async #stop(): Promise<void> {
		this.#stopSignal.abort();
		clearTimeout(this.#eagerTimer);
		const state = this.#state;
		if (state.kind === 'probing' || state.kind === 'ready') {
			this.#retire(state.instance, { kind: 'stopped' }, this.#options.stopGraceMs ?? LIMITS.stopGraceMs);
		}
		await this.#starting?.catch(() => {});
		await this.#draining;
		const patience = new AbortController();
		const outputs = [...this.#outputs].map((instance) => instance.output.ended);
		await Promise.race([
			Promise.all(outputs),
			delay(OUTPUT_MS_MAX, null, { signal: patience.signal }).catch(() => null),
		]);
		patience.abort();
		for (const instance of this.#outputs) instance.output.discard();
	}

	#address(): string {
		return hostPort(LIMITS.functionHost, this.#port);
	}
}
