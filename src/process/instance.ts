/**
 * One life of one bootstrap, from the wish for it to the end of its last process.
 *
 *     absent ──> spawning ──> probing ──> ready ──> draining ──> exited(cause)
 *                    │           │                     ^             ^
 *                    │           └─ init timeout, exit ┘             │
 *                    └── refused: no process was started ────────────┘
 *
 * ready ──> draining: the bootstrap ended, stopped listening, used too much memory, or stop(). While draining, every process of the
 * instance is being ended. The first cause of the end stands, and the end is carried out once, whoever asks for it.
 *
 * It never sends a request, never repeats one, and never starts again: that is its pool's business.
 */
import { assert } from '../base/assert.ts';
import { monotonicMs } from '../base/clock.ts';
import { within } from '../base/within.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { adopt } from '../engine/sockets.ts';
import { ClosedConnection } from './closed-connection.ts';
import { type ExitCause, exitCause, lossError } from './exit-cause.ts';
import { logExit } from './exit-log.ts';
import { HostReports } from './host-reports.ts';
import type { InstanceOptions } from './instance-options.ts';
import { InstanceOutput } from './output.ts';
import { Probe } from './probe.ts';
import { RequestsInFlight } from './requests-in-flight.ts';
import type { Sandbox } from './sandbox.ts';
import { SocketAhead } from './socket-ahead.ts';
import { hostPort } from './socket-table.ts';
import { closedWithoutCause, initTimeoutError, startFailure, stoppedError } from './start-errors.ts';

type State =
	| { readonly kind: 'absent' }
	| { readonly kind: 'spawning' }
	| { readonly kind: 'probing'; readonly sandbox: Sandbox }
	| { readonly kind: 'ready'; readonly sandbox: Sandbox; readonly sinceMs: number }
	| { readonly kind: 'draining'; readonly sandbox: Sandbox }
	| { readonly kind: 'exited' };

/** How long the loss of a connection waits for the news that explains it. */
const LOSS_MS_MAX = 250;
/** A function that has not even listened has no request to finish. */
const UNREADY_GRACE_MS = 500;
/** How long the news of an exit waits for the last of stderr, and of the host's reports, which travel another way. */
const LAST_WORDS_MS_MAX = 100;
/** Of an edge function whose host has told nothing yet. */
const STILL_LOADING = 'its module has not been evaluated, so it waits at its top level (await)';
/** How long stop() waits for the log to take what the function still said. */
const OUTPUT_MS_MAX = 2_000;
const ADDRESS = hostPort(LIMITS.functionHost, LIMITS.functionPort);

export class Instance {
	/** When it was made, to be started: milliseconds of the monotonic clock. */
	readonly madeMs = monotonicMs();
	/** Resolves with the cause as soon as the end is certain, before it is carried out; never rejects. */
	readonly ending: Promise<ExitCause>;
	/** Resolves when no process is left and the exit is logged; never rejects. */
	readonly ended: Promise<ExitCause>;
	readonly reports = new HostReports();
	readonly #options: InstanceOptions;
	readonly #requests: RequestsInFlight;
	readonly #abort = new AbortController();
	readonly #resolveEnding: (cause: ExitCause) => void;
	readonly #resolveEnded: (cause: ExitCause) => void;
	#state: State = { kind: 'absent' };
	#cause: ExitCause | null = null;
	#probe: Probe | null = null;
	/** For the request that thaws it: a new connection is most of what a thaw costs. */
	readonly #ahead = new SocketAhead(LIMITS.upstreamIdleMs);
	#output: InstanceOutput | null = null;
	#readyForMs: number | null = null;
	/** Resolves when the host of an edge function has nothing more to tell. */
	#reported: Promise<void> = Promise.resolve();

	constructor(options: InstanceOptions) {
		this.#options = options;
		this.#requests = new RequestsInFlight(options.requestNames ?? null);
		const ending = Promise.withResolvers<ExitCause>();
		const ended = Promise.withResolvers<ExitCause>();
		this.ending = ending.promise;
		this.ended = ended.promise;
		this.#resolveEnding = ending.resolve;
		this.#resolveEnded = ended.resolve;
	}

	get ready(): boolean {
		return this.#state.kind === 'ready';
	}

	/** Requests in flight. */
	get requestCount(): number {
		return this.#requests.count;
	}

	/** How long it had been ready when it ended, or has been so far; null: never. */
	get readyForMs(): number | null {
		return this.#state.kind === 'ready' ? monotonicMs() - this.#state.sinceMs : this.#readyForMs;
	}

	/** Resolves when it listens. Rejects with a RuntimeError; the instance has ended then, or is about to. Called once. */
	async start(): Promise<void> {
		if (this.#abort.signal.aborted) throw stoppedError();
		assert(this.#state.kind === 'absent', 'an instance has one life');
		const startMs = monotonicMs();
		const sandbox = await this.#spawn();
		if (this.#abort.signal.aborted) this.#retire({ kind: 'stopped' }, UNREADY_GRACE_MS);
		await this.#untilReady(sandbox);
		const ready = { pid: sandbox.pid, startMs: Math.round((monotonicMs() - startMs) * 10) / 10 };
		this.#options.log.write('info', 'the function is ready', ready);
		this.#options.observer?.listening(ready);
	}

	/** The connection that proved readiness, once; its first user carries the first request on it. */
	takeProbe(): Connection | null {
		return this.#probe?.take() ?? null;
	}

	/** A new connection to the function; a failure comes as `handler.onClose(error)`. */
	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		const ahead = this.#ahead.take();
		if (ahead !== null) return adopt(ahead, handler, onOpen);
		// Once it has ended, its port may be another's.
		return this.#sandbox?.connect(handler, onOpen) ?? new ClosedConnection(handler);
	}

	/** As `connect`, for another process: a descriptor, which is the caller's to close. */
	async openSocket(): Promise<number> {
		const sandbox = this.#sandbox;
		if (sandbox === null) throw new Error('the instance has ended');
		return this.#ahead.take() ?? sandbox.openSocket();
	}

	/** Marks a request as in flight; its id stands on log lines while it is the only one. */
	enter(requestId: string): void {
		this.#requests.enter(requestId);
		if (this.#requests.count === 1) this.#sandbox?.setBusy(true);
	}

	leave(requestId: string): void {
		this.#requests.leave(requestId);
		if (this.#requests.count === 0 && !this.reports.working) this.#sandbox?.setBusy(false);
	}

	/** It works on nothing any more, a request or what one left behind. */
	rest(): void {
		if (this.#requests.count === 0) this.#sandbox?.setBusy(false);
	}

	/** Takes the processor from it while it is idle, and gives it back, at once. Twice is harmless. */
	freeze(): void {
		if (this.#state.kind !== 'ready') return;
		const { sandbox } = this.#state;
		void this.#ahead.open(sandbox.freeze(), () => sandbox.openSocket());
	}

	thaw(): void {
		this.#ahead.thaw();
		this.#sandbox?.thaw();
	}

	/** A connection to it was lost with a request on it: the true cause, as soon as it is known. */
	async causeOfLoss(): Promise<RuntimeError> {
		const state = this.#state;
		if (state.kind !== 'ready') return this.#cause === null ? closedWithoutCause() : lossError(this.#cause);
		const cause = await within(LOSS_MS_MAX, this.ending);
		if (cause !== null) return lossError(cause);
		if (this.#cause === null && !(await state.sandbox.isListening())) {
			// A bootstrap whose server is gone while it lives on would refuse every request from now on.
			this.#retire({ kind: 'deaf', address: ADDRESS }, UNREADY_GRACE_MS);
		}
		return this.#cause === null ? closedWithoutCause() : lossError(this.#cause);
	}

	/**
	 * Ends it: SIGTERM, grace, SIGKILL. Resolves when nothing of it is left and the log has its last lines; a log that takes
	 * them slowly is waited for 2 s. Of one that has ended by itself the last lines are waited for. Twice is harmless.
	 */
	async stop(graceMs: number = LIMITS.stopGraceMs): Promise<void> {
		this.#abort.abort();
		const { kind } = this.#state;
		if (kind === 'absent') this.#refused({ kind: 'stopped' });
		else if (kind === 'ready') this.#retire({ kind: 'stopped' }, graceMs);
		else if (kind === 'probing') this.#retire({ kind: 'stopped' }, Math.min(graceMs, UNREADY_GRACE_MS));
		await this.ended;
		if (this.#output !== null) await within(OUTPUT_MS_MAX, this.#output.ended);
	}

	get #sandbox(): Sandbox | null {
		return 'sandbox' in this.#state ? this.#state.sandbox : null;
	}

	async #spawn(): Promise<Sandbox> {
		this.#state = { kind: 'spawning' };
		const { settings, sandbox: sandboxSettings, isolation, hostEnvironment, log } = this.#options;
		try {
			const { signal } = this.#abort;
			const request = { settings, sandbox: sandboxSettings, hostEnvironment, log, signal };
			const sandbox = await isolation.start(request);
			this.#state = { kind: 'probing', sandbox };
			this.#options.observer?.started(sandbox.pid);
			this.#output = new InstanceOutput(sandbox, log, () => this.#requests.speaker());
			if (sandbox.report != null) this.#reported = this.reports.read(sandbox.report);
			// The bootstrap is the instance: without it the rest is not kept.
			sandbox.exited.then((exit) => this.#retire(exitCause(exit), 0));
			return sandbox;
		} catch (failure) {
			if (this.#abort.signal.aborted) {
				this.#refused({ kind: 'stopped' });
				throw stoppedError();
			}
			const error = failure as RuntimeError;
			log.write('error', error.message, { code: error.code });
			this.#refused({ kind: 'start-refused', error });
			throw error;
		}
	}

	async #untilReady(sandbox: Sandbox): Promise<void> {
		const over = new AbortController();
		this.ending.then(() => over.abort());
		const { initTimeoutSeconds } = this.#options.settings;
		const timeoutMs = initTimeoutSeconds * 1000;
		const { listening } = this.reports;
		const readiness = await sandbox.awaitReadiness({ timeoutMs, signal: over.signal, listening });
		if (readiness.kind === 'timeout' && this.#cause === null) {
			const waits = sandbox.report != null && !this.reports.loaded;
			const found = waits ? STILL_LOADING : await sandbox.listeningPlaces();
			const error = initTimeoutError(ADDRESS, initTimeoutSeconds, found);
			this.#retire({ kind: 'init-timeout', error }, UNREADY_GRACE_MS);
		}
		if (readiness.kind === 'ready' && this.#cause === null) {
			const { connection } = readiness;
			this.#probe = connection === null ? null : new Probe(connection, LIMITS.upstreamIdleMs);
			this.#state = { kind: 'ready', sandbox, sinceMs: monotonicMs() };
			return;
		}
		if (readiness.kind === 'ready') readiness.connection?.destroy();
		const cause = await this.ending;
		const stderr = await this.#lastStderr();
		await within(LAST_WORDS_MS_MAX, this.#reported);
		throw this.reports.failure ?? startFailure(cause, ADDRESS, stderr);
	}

	/** No process was started, or is wanted any more. */
	#refused(cause: ExitCause): void {
		this.#cause = cause;
		this.#state = { kind: 'exited' };
		this.#resolveEnding(cause);
		this.#resolveEnded(cause);
	}

	/** The way out of probing and ready, whatever the cause; only the first call acts. */
	#retire(cause: ExitCause, graceMs: number): void {
		const state = this.#state;
		if (state.kind !== 'probing' && state.kind !== 'ready') return;
		this.#readyForMs = this.readyForMs;
		this.#state = { kind: 'draining', sandbox: state.sandbox };
		this.#cause = cause;
		this.#resolveEnding(cause);
		void this.#drain(state.sandbox, cause, graceMs);
	}

	async #drain(sandbox: Sandbox, cause: ExitCause, graceMs: number): Promise<void> {
		this.#probe?.close();
		this.#probe = null;
		this.#ahead.close();
		const requestIds = this.#requests.ids();
		const [leftCount, stderr] = await Promise.all([sandbox.end(graceMs), this.#lastStderr()]);
		this.#state = { kind: 'exited' };
		const wasReady = this.#readyForMs !== null;
		const record = { pid: sandbox.pid, cause, wasReady, stderr, requestIds, leftCount };
		logExit(this.#options.log, record);
		this.#options.observer?.exited(record);
		this.#resolveEnded(cause);
		await this.#output?.drain();
		// What came last may say why it ended. Whoever escaped may hold it open for ever.
		await within(LAST_WORDS_MS_MAX, this.#reported);
		sandbox.report?.destroy();
	}

	/** The last lines of stderr, complete where they arrive soon after the end. */
	async #lastStderr(): Promise<readonly string[]> {
		if (this.#output === null) return [];
		await this.ending;
		await within(LAST_WORDS_MS_MAX, this.#output.stderrEnded);
		return this.#output.stderrTail();
	}
}
