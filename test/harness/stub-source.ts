/** Instances that are there, or not, as the test says; it records which requests have a place and how each left. */
import { RuntimeError } from '../../src/contract/errors.ts';
import type { InstanceSource, LeasedInstance, LeaseEnd, PlaceWait } from '../../src/pool/instance-source.ts';
import { StubInstance } from './stub-instance.ts';

interface Waiter {
	readonly requestId: string;
	readonly place: PromiseWithResolvers<LeasedInstance>;
}

export class StubSource implements InstanceSource {
	/** The instance that places are taken on. */
	instance: StubInstance;
	/** Whether there is a place at once. */
	ready = true;
	/** Ids of requests that have a place. */
	readonly inFlight: string[] = [];
	/** How each request left, in order. */
	readonly ends: LeaseEnd[] = [];
	/** How many places were taken so far. */
	entered = 0;
	/** How many waits were given up. */
	cancelled = 0;
	readonly #port: number;
	#waiting: Waiter[] = [];
	#asked = Promise.withResolvers<void>();
	#idle: (() => void)[] = [];

	/** `port` is where its instances listen. */
	constructor(port: number) {
		this.#port = port;
		this.instance = this.newInstance();
	}

	/** How many requests wait for a place. */
	get waiting(): number {
		return this.#waiting.length;
	}

	/** Resolves when an exchange waits for a place. */
	get asked(): Promise<void> {
		return this.#asked.promise;
	}

	/** Another instance; requests get places on it once it is made `instance`. */
	newInstance(port = this.#port): StubInstance {
		return new StubInstance(port, (requestId, end) => this.#leave(requestId, end));
	}

	/** From now on requests wait for `start` or `failStart`. */
	sleep(): void {
		this.ready = false;
		this.#asked = Promise.withResolvers();
	}

	start(): void {
		this.ready = true;
		for (const { requestId, place } of this.#waiting.splice(0)) place.resolve(this.#enter(requestId));
	}

	failStart(error: Error): void {
		for (const { place } of this.#waiting.splice(0)) place.reject(error);
	}

	/** Resolves when no request has a place. */
	idle(): Promise<void> {
		if (this.inFlight.length === 0) return Promise.resolve();
		return new Promise((resolve) => this.#idle.push(resolve));
	}

	take(requestId: string): LeasedInstance | null {
		return this.ready ? this.#enter(requestId) : null;
	}

	wait(requestId: string): PlaceWait {
		if (this.ready) throw new Error(`${requestId} waits although there is a place`);
		const waiter: Waiter = { requestId, place: Promise.withResolvers() };
		this.#waiting.push(waiter);
		this.#asked.resolve();
		return { place: waiter.place.promise, cancel: () => this.#cancel(waiter) };
	}

	#cancel(waiter: Waiter): void {
		this.cancelled++;
		const index = this.#waiting.indexOf(waiter);
		if (index >= 0) this.#waiting.splice(index, 1);
		else this.#leave(waiter.requestId, 'abandoned');
	}

	#enter(requestId: string): StubInstance {
		if (this.inFlight.includes(requestId)) throw new Error(`${requestId} has a place already`);
		this.entered++;
		this.inFlight.push(requestId);
		return this.instance;
	}

	#leave(requestId: string, end: LeaseEnd): void {
		const index = this.inFlight.indexOf(requestId);
		if (index < 0) throw new Error(`${requestId} left without a place`);
		this.inFlight.splice(index, 1);
		this.ends.push(end);
		if (this.inFlight.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
	}
}

/** A refusal as a pool whose queue is full makes it. */
export function queueIsFull(): RuntimeError {
	return new RuntimeError('ERR_TOO_MANY_REQUESTS', 'the queue has 1 of 1 requests');
}
