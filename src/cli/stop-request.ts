import process from 'node:process';
import { LIMITS } from '../contract/limits.ts';
import type { Log } from '../telemetry/log.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onStopSignals, type StopSignal } from './stop-signals.ts';

/** What can be asked to stop: twice, then the shorter grace holds. */
export interface Stoppable {
	stop(graceMs: number, handedOver?: boolean): Promise<void>;
}

/** Signals, from before the start on, so that one that comes early is not lost. */
export class StopRequest {
	readonly release: () => void;
	readonly #log: Log;
	readonly #first: Promise<void>;
	readonly #resolve: () => void;
	#server: Stoppable | null = null;
	#count = 0;
	/** Another process has taken over: so long this one may take to end. */
	#leaveMs: number | null = null;

	constructor(log: Log, signals: readonly StopSignal[]) {
		this.#log = log;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#first = promise;
		this.#resolve = resolve;
		this.release = onStopSignals(signals, (signal, count) => {
			// Who leaves is stopping already: the first signal says no more than that.
			this.#count = this.#leaveMs === null ? count : count + 1;
			resolve();
			this.#onSignal(signal);
		});
	}

	/** Until the server has stopped. */
	async serve(server: Stoppable): Promise<ExitCode> {
		await this.#first;
		this.#server = server;
		if (this.#leaveMs !== null) await server.stop(this.#leaveMs, true);
		else await server.stop(this.#count > 1 ? 0 : LIMITS.drainGraceMs);
		this.#log.write('info', 'stopped');
		return this.#count > 1 ? EXIT.interrupted : EXIT.ok;
	}

	/** Another process accepts from now on: what this one has begun it ends. */
	leave(graceMs: number): void {
		this.#leaveMs = graceMs;
		this.#resolve();
	}

	#onSignal(signal: NodeJS.Signals): void {
		switch (this.#count) {
			case 1:
				this.#log.write('info', 'stopping', { signal });
				return;
			case 2:
				this.#log.write('warn', 'stopping without waiting for requests in flight', { signal });
				void this.#server?.stop(0);
				return;
			default:
				process.exit(EXIT.interrupted);
		}
	}
}
