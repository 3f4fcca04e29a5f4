/**
 * Waits until something accepts connections on the function's port. No request is sent: the connection that got
 * through is the answer, and carries the first request.
 */
import { monotonicMs } from '../base/clock.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { connect } from '../engine/sockets.ts';
import { isListened, mayMeetItself } from './port-holder.ts';

export interface ReadinessOptions {
	readonly host: string;
	readonly port: number;
	readonly timeoutMs: number;
	/** Aborts when waiting is pointless: the instance ended, or httpfn stops. */
	readonly signal: AbortSignal;
	/** Resolves when the function is known to listen: a try that waits for its time is made then. */
	readonly listening?: Promise<void>;
	/** Milliseconds between tries; for tests. */
	readonly stepMs?: number;
}

export type Readiness =
	/** `connection` is null when the function spoke first, or closed it: no request can be sent on it. */
	| { readonly kind: 'ready'; readonly connection: Connection | null }
	| { readonly kind: 'timeout' }
	| { readonly kind: 'aborted' };

/** Most functions listen within half a second: until then a try costs less than the wait it may save. */
const EAGER_MS = 500;
const EAGER_STEP_MS = 1;
const PATIENT_STEP_MS = 5;

export function awaitReadiness(options: ReadinessOptions): Promise<Readiness> {
	return new Promise((resolve) => new ReadinessWait(options, resolve).try());
}

class ReadinessWait {
	readonly #options: ReadinessOptions;
	readonly #resolve: (readiness: Readiness) => void;
	readonly #startMs = monotonicMs();
	readonly #mayMeetItself: boolean;
	readonly #timeout: NodeJS.Timeout;
	readonly #abort = () => this.#settle({ kind: 'aborted' });
	#step: NodeJS.Timeout | undefined;
	#connection: Connection | null = null;
	/** It was told to listen while a try was under way. */
	#isOverdue = false;
	#settled = false;

	constructor(options: ReadinessOptions, resolve: (readiness: Readiness) => void) {
		this.#options = options;
		this.#resolve = resolve;
		this.#mayMeetItself = mayMeetItself(options.port);
		this.#timeout = setTimeout(() => this.#settle({ kind: 'timeout' }), options.timeoutMs);
		options.signal.addEventListener('abort', this.#abort, { once: true });
		options.listening?.then(() => this.#onListening());
	}

	try(): void {
		if (this.#options.signal.aborted) this.#abort();
		if (this.#settled) return;
		let usable = true;
		const attempt: ConnectionHandler = {
			onData: () => {
				usable = false;
			},
			onDrain() {},
			onEnd: () => {
				usable = false;
			},
			onClose: () => {
				usable = false;
				this.#again();
			},
		};
		let opened = false;
		const connection = connect(this.#options.host, this.#options.port, attempt, async () => {
			opened = true;
			// Leaves the caller's frame first: on a socket that opens at once, `connection` is not assigned yet.
			const listened = await this.#isListened();
			if (!listened) {
				// Its onClose leads to the next try.
				connection.reset();
				return;
			}
			if (!usable) connection.destroy();
			this.#settle({ kind: 'ready', connection: usable ? connection : null });
		});
		if (!opened) this.#connection = connection;
	}

	async #isListened(): Promise<boolean> {
		return !this.#mayMeetItself || isListened(this.#options.port);
	}

	#again(): void {
		this.#connection = null;
		if (this.#settled) return;
		const eager = monotonicMs() - this.#startMs < EAGER_MS;
		const stepMs = this.#options.stepMs ?? (eager ? EAGER_STEP_MS : PATIENT_STEP_MS);
		this.#step = setTimeout(() => this.try(), this.#isOverdue ? 0 : stepMs);
		this.#isOverdue = false;
	}

	/** One that is under way may be refused still, and is made again then. */
	#onListening(): void {
		if (this.#settled) return;
		this.#isOverdue = this.#connection !== null;
		if (this.#isOverdue) return;
		clearTimeout(this.#step);
		this.try();
	}

	#settle(readiness: Readiness): void {
		if (this.#settled) {
			if (readiness.kind === 'ready') readiness.connection?.destroy();
			return;
		}
		this.#settled = true;
		clearTimeout(this.#timeout);
		clearTimeout(this.#step);
		this.#options.signal.removeEventListener('abort', this.#abort);
		if (readiness.kind !== 'ready') this.#connection?.destroy();
		this.#resolve(readiness);
	}
}
