/** An isolation whose instances start when their code has been unpacked: a state folder may have been restored without it. */
import type { Isolation, Sandbox, StartRequest } from '../process/sandbox.ts';

export class PreparedIsolation implements Isolation {
	readonly #isolation: Isolation;
	readonly #prepare: () => Promise<unknown>;
	#prepared: Promise<unknown> | null = null;

	/** `prepare` may be called again where it failed. */
	constructor(isolation: Isolation, prepare: () => Promise<unknown>) {
		this.#isolation = isolation;
		this.#prepare = prepare;
	}

	get kind(): Isolation['kind'] {
		return this.#isolation.kind;
	}

	get instancesMax(): number {
		return this.#isolation.instancesMax;
	}

	async start(request: StartRequest): Promise<Sandbox> {
		this.#prepared ??= this.#prepare().catch((error: unknown) => {
			this.#prepared = null;
			throw error;
		});
		await this.#prepared;
		return this.#isolation.start(request);
	}

	/** It is another's. */
	async close(): Promise<void> {}
}
