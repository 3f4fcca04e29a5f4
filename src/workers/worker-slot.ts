/**
 * One of the workers of a crew, whichever process that is now:
 *
 *     none ──start──▶ beginning ──ready──▶ serving ──drain──▶ quiet ──end──▶ over
 *                         ▲                   │
 *                         └── after a wait ───┴── ends by itself
 */
import { monotonicMs } from '../base/clock.ts';
import { errorText } from '../base/error-text.ts';
import { within } from '../base/within.ts';
import { RuntimeError } from '../contract/errors.ts';
import { Backoff } from '../process/backoff.ts';
import type { LaunchSpec } from '../process/launch-spec.ts';
import type { ProcessExit } from '../process/spawn.ts';
import type { Log } from '../telemetry/log.ts';
import type { ErrorText, OwnerMessage, WorkerMessage } from './messages.ts';
import { WorkerLink } from './worker-link.ts';

/** What a worker may need beyond the grace to say that it is quiet. */
const QUIET_MS = 1_000;
/** A worker that does not go by what it was told so soon serves nobody, and would hold up whoever changed something for ever. */
const REACH_MS_MAX = 5_000;

export interface SlotOptions {
	/** From 0. */
	readonly index: number;
	readonly spec: LaunchSpec;
	/** Descriptor of what all workers share. */
	readonly memory: number;
	readonly log: Log;
	/** Tells a process that has been started what it is to do. */
	readonly begin: (slot: WorkerSlot) => Promise<void>;
	/** What is not about the worker's own life. */
	readonly onMessage: (link: WorkerLink, message: WorkerMessage) => void;
	/** It has ended, whyever; nothing is heard of it any more. */
	readonly onEnd: (link: WorkerLink) => void;
}

interface Reaching {
	readonly generation: number;
	readonly resolve: () => void;
}

export class WorkerSlot {
	readonly index: number;
	/** Null: there is no process now. */
	link: WorkerLink | null = null;
	readonly #options: SlotOptions;
	readonly #backoff = new Backoff();
	readonly #ready = Promise.withResolvers<void>();
	readonly #quiet = Promise.withResolvers<void>();
	#reaching: Reaching[] = [];
	/** Null: it does not accept yet. */
	#readySinceMs: number | null = null;
	#everReady = false;
	#stopping = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: SlotOptions) {
		this.#options = options;
		this.index = options.index;
		// Nobody may have asked yet.
		this.#ready.promise.catch(() => {});
	}

	/** Resolves when it accepts. Rejects with a RuntimeError: it is not tried again then. */
	async start(): Promise<void> {
		await this.#spawn();
		await this.#ready.promise;
	}

	send(message: OwnerMessage): void {
		this.link?.send(message);
	}

	/**
	 * Calls `tell`, and resolves when requests go by that, or there is no process: the next one begins with it. One that does not answer is
	 * ended.
	 */
	async reached(generation: number, tell: () => void): Promise<void> {
		const { link } = this;
		if (link === null) return;
		tell();
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#reaching.push({ generation, resolve });
		if ((await within(REACH_MS_MAX, promise)) === null) this.#endLate(link);
		await promise;
	}

	/** Resolves when it has nothing in flight, or the grace is over. */
	async drain(graceMs: number): Promise<void> {
		this.#stopping = true;
		clearTimeout(this.#timer);
		if (this.link === null) return;
		this.send({ kind: 'drain', graceMs });
		await within(graceMs + QUIET_MS, this.#quiet.promise);
	}

	/** The instances have ended. Resolves when the process has too, by force where it takes longer. */
	async end(graceMs: number): Promise<void> {
		const { link } = this;
		if (link === null) return;
		this.send({ kind: 'ended' });
		await within(graceMs, link.over);
		if (this.link !== null) link.kill();
		await link.over;
	}

	async #spawn(): Promise<void> {
		const { index, spec, memory, begin } = this.#options;
		const link = await WorkerLink.start(index, spec, memory, {
			onMessage: (from, message) => this.#onMessage(from, message),
			onFault: (from, error) => this.#onFault(from, error),
		});
		this.link = link;
		void link.over.then((exit) => this.#onOver(link, exit));
		if (this.#stopping) link.kill();
		else await begin(this);
	}

	#onMessage(link: WorkerLink, message: WorkerMessage): void {
		switch (message.kind) {
			case 'ready':
				this.#readySinceMs = monotonicMs();
				this.#everReady = true;
				this.#ready.resolve();
				return;
			case 'failed':
				this.#onFailure(link, message.error);
				return;
			case 'serving':
				this.#onServing(message.generation);
				return;
			case 'quiet':
				this.#quiet.resolve();
				return;
			default:
				this.#options.onMessage(link, message);
		}
	}

	#onFailure(link: WorkerLink, { code, message }: ErrorText): void {
		if (this.#everReady)
			this.#options.log.write('error', `a gateway process could not begin: ${message}`, { code });
		else this.#ready.reject(new RuntimeError(code, message));
		link.kill();
	}

	#onFault(link: WorkerLink, error: unknown): void {
		const message = `a gateway process said what can not be acted on: ${errorText(error)}`;
		this.#options.log.write('error', message, { pid: link.pid });
		link.kill();
	}

	#endLate(link: WorkerLink): void {
		const message = `a gateway process did not answer within ${REACH_MS_MAX} ms when something was changed: it is ended`;
		this.#options.log.write('error', message, { pid: link.pid });
		link.kill();
	}

	#onServing(generation: number): void {
		const [reached, waiting] = [
			this.#reaching.filter((one) => one.generation <= generation),
			this.#reaching.filter((one) => one.generation > generation),
		];
		this.#reaching = waiting;
		for (const { resolve } of reached) resolve();
	}

	#onOver(link: WorkerLink, exit: ProcessExit): void {
		this.link = null;
		this.#options.onEnd(link);
		this.#onServing(Number.POSITIVE_INFINITY);
		this.#quiet.resolve();
		const ended = `a gateway process ended (${exit.signal ?? `exit code ${exit.code}`})`;
		if (!this.#everReady) {
			const message = `Could not serve: ${ended} before it accepted; wanted it to serve`;
			this.#ready.reject(new RuntimeError('ERR_WORKERS_UNAVAILABLE', message));
		} else if (!this.#stopping) {
			this.#startAgain(`${ended}: its connections are lost, another takes its place`, link.pid);
		}
	}

	#startAgain(message: string, pid: number): void {
		const readyForMs = this.#readySinceMs === null ? 0 : monotonicMs() - this.#readySinceMs;
		this.#readySinceMs = null;
		const waitMs = this.#backoff.died(readyForMs);
		this.#options.log.write('error', message, { pid, nextStartMs: waitMs });
		this.#timer = setTimeout(() => {
			this.#spawn().catch((error: unknown) => this.#startAgain(String(error), 0));
		}, waitMs);
	}
}
