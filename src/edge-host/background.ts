/** What goes on after an answer: the promises that a function gave to `waitUntil`. */

export interface BackgroundOptions {
	/** Milliseconds that promises may take after the answer of their request. */
	readonly timeoutMs: number;
	/** The first promise has come, or the last one has gone. */
	onChange(working: boolean): void;
	/** A line about a promise that failed or was given up. */
	complain(text: string): void;
}

export class Background {
	readonly #options: BackgroundOptions;
	#pending = 0;
	readonly #idle = new Set<() => void>();

	constructor(options: BackgroundOptions) {
		this.#options = options;
	}

	/** One request's: `answered` is to be called once, when the handler has. */
	open(): RequestWork {
		return new RequestWork(this.#options, (change) => this.#count(change));
	}

	/** Resolves when nothing is pending. */
	quiet(): Promise<void> {
		return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.add(resolve));
	}

	#count(change: number): void {
		const before = this.#pending;
		this.#pending += change;
		if ((before === 0) === (this.#pending === 0)) return;
		this.#options.onChange(before === 0);
		if (this.#pending > 0) return;
		for (const resolve of this.#idle) resolve();
		this.#idle.clear();
	}
}

export class RequestWork {
	readonly #options: BackgroundOptions;
	readonly #count: (change: number) => void;
	readonly #pending = new Set<Promise<unknown>>();
	#isAnswered = false;
	#deadline: NodeJS.Timeout | undefined;

	constructor(options: BackgroundOptions, count: (change: number) => void) {
		this.#options = options;
		this.#count = count;
	}

	add(given: unknown): void {
		const promise = Promise.resolve(given);
		this.#pending.add(promise);
		this.#count(1);
		this.#watch();
		promise.then(
			() => this.#remove(promise),
			(error: unknown) => {
				this.#options.complain(`waitUntil: a promise was rejected: ${errorStack(error)}`);
				this.#remove(promise);
			},
		);
	}

	answered(): void {
		this.#isAnswered = true;
		this.#watch();
	}

	/** From the answer on; a promise that is added later has its time from then. */
	#watch(): void {
		if (!this.#isAnswered || this.#pending.size === 0 || this.#deadline !== undefined) return;
		this.#deadline = setTimeout(() => this.#giveUp(), this.#options.timeoutMs);
		this.#deadline.unref();
	}

	#remove(promise: Promise<unknown>): void {
		if (!this.#pending.delete(promise)) return;
		this.#count(-1);
		if (this.#pending.size > 0) return;
		clearTimeout(this.#deadline);
		this.#deadline = undefined;
	}

	#giveUp(): void {
		this.#deadline = undefined;
		const { size } = this.#pending;
		const seconds = this.#options.timeoutMs / 1000;
		this.#options.complain(
			`waitUntil: ${size} pending ${seconds} s after the answer, the timeout of the function: not waited for any more`,
		);
		this.#pending.clear();
		this.#count(-size);
	}
}

export function errorStack(error: unknown): string {
	return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
