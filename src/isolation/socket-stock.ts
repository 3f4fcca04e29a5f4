/**
 * Sockets of an instance's network, open and not connected. Only a thread that stands in that network can open one there, and asking it costs more
 * than a connection; but whoever has one can connect it.
 *
 * A function that keeps its connections needs few, and gets one at a time. Where more are needed soon after, twice as many are opened
 * as the time before, and some before they are needed: a function that takes one request a connection finds them here.
 */
import { closeSync } from 'node:fs';
import { monotonicMs } from '../base/clock.ts';
import { Deadline, DeadlineQueue } from '../base/deadline.ts';

/** Sockets that nobody has wanted for so long are closed. */
const KEEP_MS = 1000;
const SOON_MS = 100;
const AT_ONCE_MAX = 32;
const KEPT = new DeadlineQueue(KEEP_MS);

export class SocketStock {
	readonly #open: (count: number) => Promise<readonly number[]>;
	#sockets: number[] = [];
	/** Those who found none. */
	#waiting: PromiseWithResolvers<number>[] = [];
	/** Asked for, and not there yet. */
	#coming = 0;
	/** How many were asked for the last time, and when. */
	#count = 1;
	#askedMs = Number.NEGATIVE_INFINITY;
	#closed = false;
	readonly #unwanted = new Deadline(() => this.#empty());

	/** `open` resolves with as many as it is asked for, or fewer, at least one. */
	constructor(open: (count: number) => Promise<readonly number[]>) {
		this.#open = open;
	}

	/** One that nobody else gets, the caller's to close. Rejects as `open` does. */
	take(): number | Promise<number> {
		KEPT.set(this.#unwanted);
		const socket = this.#sockets.pop();
		if (socket === undefined) return this.#wait();
		// Before the last one is gone: who comes next is not to wait.
		if (this.#coming === 0 && 4 * this.#sockets.length < this.#count) void this.#ask();
		return socket;
	}

	/** Twice is harmless. */
	close(): void {
		this.#closed = true;
		this.#unwanted.clear();
		this.#empty();
	}

	#wait(): Promise<number> {
		const waiter = Promise.withResolvers<number>();
		this.#waiting.push(waiter);
		if (this.#waiting.length > this.#coming) void this.#ask();
		return waiter.promise;
	}

	async #ask(): Promise<void> {
		const nowMs = monotonicMs();
		const soon = nowMs - this.#askedMs < SOON_MS;
		const count = soon ? Math.min(2 * this.#count, AT_ONCE_MAX) : Math.max(1, this.#count >> 1);
		this.#askedMs = nowMs;
		this.#count = count;
		this.#coming += count;
		try {
			const sockets = await this.#open(count);
			this.#coming -= count;
			for (const socket of sockets) this.#hand(socket);
			if (this.#waiting.length > this.#coming) void this.#ask();
		} catch (error) {
			this.#coming -= count;
			for (const waiter of this.#waiting.splice(this.#coming)) waiter.reject(error);
		}
	}

	#hand(socket: number): void {
		const waiter = this.#waiting.shift();
		if (waiter !== undefined) waiter.resolve(socket);
		else if (this.#closed) closeSync(socket);
		else this.#sockets.push(socket);
	}

	#empty(): void {
		this.#count = 1;
		for (const socket of this.#sockets) closeSync(socket);
		this.#sockets = [];
	}
}
