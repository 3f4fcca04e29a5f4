/** An instance that is there, or not, as the test says; it records which requests are in flight on it. */
import { RuntimeError } from '../../src/contract/errors.ts';
import type { Connection } from '../../src/engine/connection.ts';
import type { Supervision } from '../../src/process/supervision.ts';

export class StubSupervision implements Supervision {
	ready = true;
	probe: Connection | null = null;
	cause = new RuntimeError('ERR_FUNCTION_EXITED', 'the function exited with code 1');
	/** Ids of requests in flight. */
	readonly inFlight: string[] = [];
	/** How many requests were marked as in flight so far. */
	entered = 0;
	losses = 0;
	#start = Promise.withResolvers<void>();
	#asked = Promise.withResolvers<void>();
	#idle: (() => void)[] = [];

	/** Resolves when an exchange has asked for an instance. */
	get asked(): Promise<void> {
		return this.#asked.promise;
	}

	/** From now on requests wait for `start` or `failStart`. */
	sleep(): void {
		this.ready = false;
		this.#start = Promise.withResolvers();
		this.#asked = Promise.withResolvers();
	}

	start(): void {
		this.ready = true;
		this.#start.resolve();
	}

	failStart(error: Error): void {
		this.#start.reject(error);
	}

	/** Resolves when no request is in flight. */
	idle(): Promise<void> {
		if (this.inFlight.length === 0) return Promise.resolve();
		return new Promise((resolve) => this.#idle.push(resolve));
	}

	whenReady(): Promise<void> {
		this.#asked.resolve();
		return this.ready ? Promise.resolve() : this.#start.promise;
	}

	takeProbe(): Connection | null {
		const { probe } = this;
		this.probe = null;
		return probe;
	}

	enter(requestId: string): void {
		this.entered++;
		this.inFlight.push(requestId);
	}

	leave(requestId: string): void {
		const index = this.inFlight.indexOf(requestId);
		if (index < 0) throw new Error(`${requestId} left without having entered`);
		this.inFlight.splice(index, 1);
		if (this.inFlight.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
	}

	causeOfLoss(): Promise<RuntimeError> {
		this.losses++;
		return Promise.resolve(this.cause);
	}

	stop(): Promise<void> {
		return Promise.resolve();
	}
}
