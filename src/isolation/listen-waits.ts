/**
 * Waits, on the namespace thread, until functions accept connections: all that wait are tried in turn, in one loop.
 *
 * A try costs some 10 µs. A timer's millisecond, which comes late by another where the machine is busy, would be half of what a cold
 * start may cost: so the thread itself sleeps between tries while any of the functions is young.
 */
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import type { Kernel } from './kernel.ts';
import { openSocket, tryConnect } from './loopback-connect.ts';
import type { Place } from './place.ts';

/** Most interpreters listen this early. */
const HASTY_MS = 150;
/** Between two tries of one function; with many to try as many times longer, or trying would take the processor from their starts. */
const HASTY_STEP_US = 100;
/** A turn of the event loop costs as much as several tries; whoever else wants the thread waits no longer than this. */
const HASTY_BLOCK_US = 500;
const EAGER_MS = 500;
const EAGER_STEP_MS = 1;
const PATIENT_STEP_MS = 5;

interface Wait {
	readonly place: Place;
	/** A socket stays in the namespace it was made in, wherever the thread goes; one that was refused may try again. */
	readonly socket: number;
	readonly sinceMs: number;
	readonly timeoutMs: number;
	readonly resolve: (socket: number | null) => void;
}

export class ListenWaits {
	readonly #kernel: Kernel;
	readonly #waits = new Map<number, Wait>();
	#polling = false;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** Resolves with a connected socket, or null: stopped, the place is gone, or the time is over. */
	wait(id: number, place: Place, timeoutMs: number): Promise<number | null> {
		place.enter(this.#kernel, 'network');
		const socket = openSocket(this.#kernel);
		const { promise, resolve } = Promise.withResolvers<number | null>();
		this.#waits.set(id, { place, socket, sinceMs: monotonicMs(), timeoutMs, resolve });
		void this.#poll();
		return promise;
	}

	/** Twice is harmless, and so is an id that nobody waits for. */
	stop(id: number): void {
		const wait = this.#waits.get(id);
		if (wait === undefined) return;
		this.#kernel.libc.close(wait.socket);
		this.#settle(id, wait, null);
	}

	async #poll(): Promise<void> {
		if (this.#polling) return;
		this.#polling = true;
		while (this.#waits.size > 0) {
			const youngestMs = this.#tryAll();
			if (this.#waits.size > 0) await this.#pause(youngestMs);
		}
		this.#polling = false;
	}

	/** @returns the age of the youngest that still waits, in milliseconds */
	#tryAll(): number {
		const nowMs = monotonicMs();
		let youngestMs = Number.POSITIVE_INFINITY;
		for (const [id, wait] of this.#waits) {
			const ageMs = nowMs - wait.sinceMs;
			if (wait.place.gone || ageMs >= wait.timeoutMs) this.stop(id);
			else if (tryConnect(this.#kernel, wait.socket)) this.#settle(id, wait, wait.socket);
			else youngestMs = Math.min(youngestMs, ageMs);
		}
		return youngestMs;
	}

	async #pause(youngestMs: number): Promise<void> {
		if (youngestMs >= HASTY_MS) return delay(youngestMs < EAGER_MS ? EAGER_STEP_MS : PATIENT_STEP_MS);
		const waiting = this.#waits.size;
		const stepUs = Math.min(HASTY_STEP_US * waiting, HASTY_BLOCK_US);
		// What has settled is told before the thread sleeps again.
		for (let sleptUs = 0; sleptUs < HASTY_BLOCK_US && this.#waits.size === waiting; sleptUs += stepUs) {
			this.#kernel.libc.usleep(stepUs);
			this.#tryAll();
		}
		await turn();
	}

	#settle(id: number, { resolve }: Wait, socket: number | null): void {
		this.#waits.delete(id);
		resolve(socket);
	}
}
