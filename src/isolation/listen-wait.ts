/** Waits, on the namespace thread, until the function of a place accepts connections. */
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import type { Kernel } from './kernel.ts';
import { openSocket, tryConnect } from './loopback-connect.ts';
import type { Place } from './place.ts';

/** Programs that listen this early are many, and a timer's millisecond would be half of their start. */
const HASTY_MS = 25;
const HASTY_STEP_US = 100;
/** A turn of the event loop costs as much as several tries. */
const HASTY_TRIES = 5;
const EAGER_MS = 500;
const EAGER_STEP_MS = 1;
const PATIENT_STEP_MS = 5;

export class ListenWait {
	readonly #kernel: Kernel;
	readonly #place: Place;
	readonly #timeoutMs: number;
	#stopped = false;

	constructor(kernel: Kernel, place: Place, timeoutMs: number) {
		this.#kernel = kernel;
		this.#place = place;
		this.#timeoutMs = timeoutMs;
	}

	stop(): void {
		this.#stopped = true;
	}

	/** A connected socket, or null: stopped, or the time is over. */
	async result(): Promise<number | null> {
		this.#place.enter(this.#kernel, 'network');
		// A socket stays in the namespace it was made in, wherever the thread goes; one that was refused may try again.
		const socket = openSocket(this.#kernel);
		const startMs = monotonicMs();
		for (;;) {
			const passedMs = monotonicMs() - startMs;
			if (this.#stopped || this.#place.gone || passedMs >= this.#timeoutMs) {
				this.#kernel.libc.close(socket);
				return null;
			}
			if (this.#try(socket, passedMs < HASTY_MS ? HASTY_TRIES : 1)) return socket;
			await this.#pause(passedMs);
		}
	}

	/** Blocks the thread for half a millisecond at most: whoever else wants it waits no longer. */
	#try(socket: number, tries: number): boolean {
		for (let count = 1; !tryConnect(this.#kernel, socket); count++) {
			if (count === tries) return false;
			this.#kernel.libc.usleep(HASTY_STEP_US);
		}
		return true;
	}

	async #pause(passedMs: number): Promise<void> {
		if (passedMs < HASTY_MS) await turn();
		else await delay(passedMs < EAGER_MS ? EAGER_STEP_MS : PATIENT_STEP_MS);
	}
}
