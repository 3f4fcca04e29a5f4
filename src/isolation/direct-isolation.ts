/** One instance, on this host's own 127.0.0.1:8000, as the user that httpfn runs as. */
import { LIMITS } from '../contract/limits.ts';
import { launch } from '../process/launch.ts';
import type { Isolation, Sandbox, StartRequest } from '../process/sandbox.ts';
import { stoppedError } from '../process/start-errors.ts';
import { DirectSandbox } from './direct-sandbox.ts';
import { MemoryWatch } from './memory-watch.ts';

const MIB = 1024 * 1024;

export interface DirectOptions {
	/** For tests; the platform's port otherwise. */
	readonly port?: number;
}

export class DirectIsolation implements Isolation {
	readonly kind = 'direct';
	readonly instancesMax = 1;
	readonly #port: number;
	readonly #watch = new MemoryWatch();
	/** Resolves when the instance before has ended; never rejects. */
	#free: Promise<void> = Promise.resolve();

	constructor(options: DirectOptions = {}) {
		this.#port = options.port ?? LIMITS.functionPort;
	}

	/** Waits for the end of the instance before: two would fight for the port. */
	start(request: StartRequest): Promise<Sandbox> {
		const started = this.#free.then(() => this.#launch(request));
		this.#free = started.then(
			(sandbox) => sandbox.ended,
			() => {},
		);
		return started;
	}

	close(): Promise<void> {
		return Promise.resolve();
	}

	async #launch({ settings, hostEnvironment, signal }: StartRequest): Promise<DirectSandbox> {
		if (signal?.aborted === true) throw stoppedError();
		const launched = await launch({ settings, hostEnvironment, port: this.#port });
		return new DirectSandbox(launched, this.#port, this.#watch, settings.memoryMb * MIB);
	}
}
