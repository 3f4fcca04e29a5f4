/**
 * Waits until functions accept connections: all that wait are tried in turn, in one loop.
 *
 * A try costs some 10 µs. A timer's millisecond, which comes late by another where the machine is busy, would be half of what a cold
 * start may cost: so the thread itself sleeps between tries while any of the functions is young. That is the namespace thread, or, where an
 * instance has the host's own port, the main one: there is no other instance then that has anything to do.
 */
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import type { Libc } from '../engine/libc.ts';
import { tryConnect } from '../process/loopback-connect.ts';

/** Most interpreters listen this early. */
const HASTY_MS = 150;
/** Between two tries of one function at least; with many to try as many times longer, or trying would take the processor from their starts. */
const HASTY_STEP_US = 100;
/** And at most this part of what has been waited for already: then it is known late by half of that, and disturbed little. */
const HASTY_STEP_PART = 1 / 50;
const EAGER_MS = 500;
const EAGER_STEP_MS = 1;
const PATIENT_STEP_MS = 5;

/** What is waited for. */
export interface Listener {
	/** It will never listen. */
	isGone(): boolean;
	/** By default the platform's. */
	readonly port?: number;
	/** A socket in its network, which is not connected yet. */
	open(): number;
}

interface Wait {
	readonly listener: Listener;
	/** A socket stays in the namespace it was made in, wherever the thread goes; one that was refused may try again. */
	socket: number;
	readonly sinceMs: number;
	readonly timeoutMs: number;
	readonly resolve: (socket: number | null) => void;
}

export class ListenWaits {
	readonly #calls: Libc;
	readonly #blockUs: number;
	readonly #waits = new Map<number, Wait>();
	#polling = false;

	/** `blockUs`: microseconds that whoever else wants the thread waits at most. A turn of its event loop costs as much as several tries. */
	constructor(calls: Libc, blockUs: number) {
		this.#calls = calls;
		this.#blockUs = blockUs;
	}

	/** Resolves with a connected socket, or null: stopped, gone, or the time is over. */
	wait(id: number, listener: Listener, timeoutMs: number): Promise<number | null> {
		const socket = listener.open();
		const { promise, resolve } = Promise.withResolvers<number | null>();
		this.#waits.set(id, { listener, socket, sinceMs: monotonicMs(), timeoutMs, resolve });
		void this.#poll();
		return promise;
	}

	/** One of them is known to listen: it is not to wait for its time. */
	hurry(): void {
		this.#tryAll();
	}

	/** Twice is harmless, and so is an id that nobody waits for. */
	stop(id: number): void {
		const wait = this.#waits.get(id);
		if (wait === undefined) return;
		this.#calls.close(wait.socket);
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
			if (wait.listener.isGone() || ageMs >= wait.timeoutMs) this.stop(id);
			else if (this.#isConnected(wait)) this.#settle(id, wait, wait.socket);
			else youngestMs = Math.min(youngestMs, ageMs);
		}
		return youngestMs;
	}

	#isConnected(wait: Wait): boolean {
		const found = tryConnect(this.#calls, wait.socket, wait.listener.port);
		if (found === 'pending') {
			// Another one has another port of its own, which the kernel remembers nothing of.
			this.#calls.close(wait.socket);
			wait.socket = wait.listener.open();
		}
		return found === 'connected';
	}

	async #pause(youngestMs: number): Promise<void> {
		if (youngestMs >= HASTY_MS) return delay(youngestMs < EAGER_MS ? EAGER_STEP_MS : PATIENT_STEP_MS);
		const waiting = this.#waits.size;
		const stepOfOneUs = Math.max(HASTY_STEP_US, Math.round(youngestMs * 1000 * HASTY_STEP_PART));
		const stepUs = Math.min(stepOfOneUs * waiting, this.#blockUs);
		// What has settled is told before the thread sleeps again.
		for (let sleptUs = 0; sleptUs < this.#blockUs && this.#waits.size === waiting; sleptUs += stepUs) {
			this.#calls.usleep(stepUs);
			this.#tryAll();
		}
		await turn();
	}

	#settle(id: number, { resolve }: Wait, socket: number | null): void {
		this.#waits.delete(id);
		resolve(socket);
	}
}
