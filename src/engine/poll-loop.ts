/**
 * A set of descriptors of our own (epoll(7)), asked for what is ready. Level-triggered: what is left over is told again.
 *
 * struct epoll_event is packed on x86-64: 32 bits of events, then 64 of ours. Elsewhere 32 bits lie between.
 */
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';

/** Bits of events; the last two are told whether they were asked for or not. */
export const READABLE = 1;
export const WRITABLE = 4;
export const FAILED = 8;
export const HUNG_UP = 16;

/** Who waits for a descriptor. */
export interface PollSource {
	ready(events: number): void;
}

interface Watch {
	readonly source: PollSource;
	/** Kept with the descriptor in the kernel: tells this watch from one that had the same descriptor before. */
	readonly serial: number;
}

const EPOLL_CLOEXEC = 0o2000000;
const ADD = 1;
const REMOVE = 2;
const CHANGE = 3;
const WORDS = process.arch === 'x64' ? 3 : 4;
/** Of one turn: whoever else wants the thread gets it in between. */
const EVENTS_MAX = 256;

export class PollLoop {
	readonly descriptor: number;
	readonly #calls: Libc;
	/** By descriptor. */
	readonly #watches: (Watch | undefined)[] = [];
	#count = 0;
	#serial = 0;
	/** Of a memory of their own, so that it stays where it is. */
	readonly #events = new Uint32Array(new ArrayBuffer(4 * WORDS * EVENTS_MAX));
	readonly #eventBytes = new Uint8Array(this.#events.buffer);
	readonly #event = new Uint32Array(new ArrayBuffer(4 * WORDS));
	readonly #eventInBytes = new Uint8Array(this.#event.buffer);
	readonly #onUsed: (used: boolean) => void;

	/** `onUsed` is told when the first source comes, and when the last one has gone. */
	constructor(calls: Libc, onUsed: (used: boolean) => void) {
		this.#calls = calls;
		this.#onUsed = onUsed;
		this.descriptor = calls.epoll_create1(EPOLL_CLOEXEC);
		if (this.descriptor < 0) throw new KernelError('epoll_create1', calls.lastErrorNumber());
	}

	/** Throws a KernelError where the descriptor can not be waited for. */
	add(descriptor: number, source: PollSource, events: number): void {
		this.#serial = (this.#serial + 1) >>> 0;
		this.#control(ADD, descriptor, events, this.#serial);
		this.#watches[descriptor] = { source, serial: this.#serial };
		this.#count += 1;
		if (this.#count === 1) this.#onUsed(true);
	}

	/** Its source stays: `events` are what it wants to be told from now on. */
	change(descriptor: number, events: number): void {
		const serial = this.#watches[descriptor]?.serial ?? 0;
		this.#control(CHANGE, descriptor, events, serial);
	}

	/** Before the descriptor is closed: copies of it, which others hold, would be told of for ever. */
	remove(descriptor: number): void {
		if (this.#watches[descriptor] === undefined) return;
		this.#watches[descriptor] = undefined;
		this.#control(REMOVE, descriptor, 0, 0);
		this.#count -= 1;
		if (this.#count === 0) this.#onUsed(false);
	}

	/** Tells each source that is ready, without waiting for any. */
	turn(): void {
		const events = this.#events;
		const count = this.#calls.epoll_wait(this.descriptor, this.#eventBytes, EVENTS_MAX, 0);
		for (let end = WORDS; end <= count * WORDS; end += WORDS) {
			const watch = this.#watches[events[end - 2] ?? 0];
			// One that an earlier one has removed, or replaced by another with its descriptor.
			if (watch === undefined || watch.serial !== events[end - 1]) continue;
			try {
				watch.source.ready(events[end - WORDS] ?? 0);
			} catch (error) {
				// The others are not to miss their turn for it.
				queueMicrotask(() => {
					throw error;
				});
			}
		}
	}

	#control(operation: number, descriptor: number, events: number, serial: number): void {
		const event = this.#event;
		event[0] = events;
		event[WORDS - 2] = descriptor;
		event[WORDS - 1] = serial;
		if (this.#calls.epoll_ctl(this.descriptor, operation, descriptor, this.#eventInBytes) === 0) return;
		if (operation !== REMOVE) throw new KernelError('epoll_ctl', this.#calls.lastErrorNumber());
	}
}
