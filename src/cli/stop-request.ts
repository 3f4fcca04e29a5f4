import process from 'node:process';
import { LIMITS } from '../contract/limits.ts';
import type { Log } from '../telemetry/log.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onStopSignals, type StopSignal } from './stop-signals.ts';

/** What can be asked to stop: twice, then the shorter grace holds. */
export interface Stoppable {
	stop(graceMs: number): Promise<void>;
}

/** Signals, from before the start on, so that one that comes early is not lost. */
export class StopRequest {
	readonly release: () => void;
	readonly #log: Log;
	readonly #first: Promise<void>;
	#server: Stoppable | null = null;
	#count = 0;

	constructor(log: Log, signals: readonly StopSignal[]) {
		this.#log = log;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#first = promise;
		this.release = onStopSignals(signals, (signal, count) => {
			this.#count = count;
			resolve();
			this.#onSignal(signal);
		});
	}

	/** Until the server has stopped. */
	async serve(server: Stoppable): Promise<ExitCode> {
		await this.#first;
		this.#server = server;
		await server.stop(this.#count > 1 ? 0 : LIMITS.drainGraceMs);
		this.#log.write('info', 'stopped');
		return this.#count > 1 ? EXIT.interrupted : EXIT.ok;
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
