/** The main thread's side of the namespace thread: calls with answers, and the news that a place is gone. */
import type { Worker } from 'node:worker_threads';
import { within } from '../base/within.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { startPlaceThread } from './start-thread.ts';
import type { CallName, ThreadCalls, ThreadMessage } from './thread-protocol.ts';

/** A thread that is stuck in the kernel is not waited for. */
const CLOSE_MS_MAX = 2_000;

/** What the thread could not do, with the system's name for it. */
export class ThreadFailure extends Error {
	override readonly name = 'ThreadFailure';
	readonly code: string;

	constructor(message: string, code: string) {
		super(message);
		this.code = code;
	}
}

export class ThreadClient {
	readonly #worker: Worker;
	readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
	readonly #gone = new Map<number, (exit: ProcessExit) => void>();
	/** Ends of places that nobody has asked for yet. */
	readonly #goneEarly = new Map<number, ProcessExit>();
	#calls = 0;
	/** Calls under way, and whoever else waits for what the thread will tell: while there are any, the process lives. */
	#holds = 0;
	#failure: Error | null = null;
	#closing = false;
	readonly #onFailure: (error: Error) => void;

	/** `onFailure` learns that the thread has ended by itself, and every place with it. */
	constructor(onFailure: (error: Error) => void, worker: Worker = startPlaceThread()) {
		this.#onFailure = onFailure;
		this.#worker = worker;
		this.#worker.on('message', (message: ThreadMessage) => this.#receive(message));
		this.#worker.on('error', (error) => this.#fail(error as Error));
		this.#worker.on('exit', () => this.#fail(new ThreadFailure('the namespace thread has ended', 'ESRCH')));
		// A listener makes the thread hold the process; places that wait for a function are no reason to live.
		this.#worker.unref();
	}

	/** Rejects with a ThreadFailure. */
	call<Name extends CallName>(
		name: Name,
		given: ThreadCalls[Name]['given'],
	): Promise<ThreadCalls[Name]['answer']> {
		if (this.#failure !== null) return Promise.reject(this.#failure);
		this.#calls += 1;
		const waiting = Promise.withResolvers<unknown>();
		this.#waiting.set(this.#calls, waiting);
		this.hold();
		this.#worker.postMessage({ call: name, number: this.#calls, given });
		return waiting.promise as Promise<ThreadCalls[Name]['answer']>;
	}

	/** The process lives until as many releases. */
	hold(): void {
		this.#holds += 1;
		if (this.#holds === 1) this.#worker.ref();
	}

	release(): void {
		this.#holds -= 1;
		if (this.#holds === 0) this.#worker.unref();
	}

	/** Resolves when every process of the place is gone; asked once for each place. */
	exitOf(id: number): Promise<ProcessExit> {
		const early = this.#goneEarly.get(id);
		this.#goneEarly.delete(id);
		if (early !== undefined) return Promise.resolve(early);
		return new Promise((resolve) => this.#gone.set(id, resolve));
	}

	/** Ends the thread, and with it every process of every place. */
	async close(): Promise<void> {
		this.#closing = true;
		// Never released: an answer that still comes would let the process end before the thread has.
		this.hold();
		const closed = this.call('close', null).catch(() => null);
		await within(CLOSE_MS_MAX, closed);
		await this.#worker.terminate();
	}

	#receive(message: ThreadMessage): void {
		if (message.kind === 'gone') {
			const exit = { code: message.code, signal: message.signal };
			const resolve = this.#gone.get(message.id);
			this.#gone.delete(message.id);
			if (resolve === undefined) this.#goneEarly.set(message.id, exit);
			else resolve(exit);
			return;
		}
		const waiting = this.#waiting.get(message.number);
		this.#waiting.delete(message.number);
		this.release();
		if (message.kind === 'answer') waiting?.resolve(message.value);
		else waiting?.reject(new ThreadFailure(message.message, message.code));
	}

	/** The thread's processes die with it, so its places are gone. */
	#fail(error: Error): void {
		if (this.#failure === null && !this.#closing) this.#onFailure(error);
		this.#failure ??= error;
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
		for (const resolve of this.#gone.values()) resolve({ code: null, signal: 'SIGKILL' });
		this.#gone.clear();
	}
}
