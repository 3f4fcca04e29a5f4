/**
 * A set of descriptors of our own (epoll(7)), asked for what is ready. Level-triggered: what is left over is told again.
 *
 * struct epoll_event is packed on x86-64: 32 bits of events, then 64 of ours. Elsewhere 32 bits lie between.
 */
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';
import { BATCH_MAX, type BatchedTurn, SocketBatch } from './socket-batch.ts';

/** Bits of events; the last two are told whether they were asked for or not. */
export const READABLE = 1;
export const WRITABLE = 4;
export const FAILED = 8;
export const HUNG_UP = 16;

/** Who waits for a descriptor. */
export interface PollSource {
	ready(events: number): void;
	/** Null: nobody else can read for it. */
	readonly reader: BatchReader | null;
}

/** A source that may be read for, together with others. */
export interface BatchReader {
	/** Whether, told of these events, it would read and do nothing else. */
	wouldRead(events: number): boolean;
	/** Comes instead of `ready`: what receive.ts answers. */
	received(outcome: Buffer | number): void;
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
/** Of one turn; fewer are served as fast by a call each. */
const BATCHED_MIN = 4;

export class PollLoop implements BatchedTurn {
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
	readonly #batchedMin: number;
	/** Opened by the first turn that has use for it; null: it can not be had. */
	#batchOf: SocketBatch | null | undefined;
	#batch: SocketBatch | null = null;
	/** Which read of the batch each of these events has; -1: none. */
	readonly #reads = new Int32Array(BATCH_MAX);

	/** `onUsed` is told when the first source comes, and when the last one has gone. Turns with fewer than `batchedMin` events do without a batch. */
	constructor(calls: Libc, onUsed: (used: boolean) => void, batchedMin = BATCHED_MIN) {
		this.#calls = calls;
		this.#onUsed = onUsed;
		this.#batchedMin = batchedMin;
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

	get batch(): SocketBatch | null {
		return this.#batch;
	}

	/** Tells each source that is ready, without waiting for any. */
	turn(): void {
		const count = this.#calls.epoll_wait(this.descriptor, this.#eventBytes, EVENTS_MAX, 0);
		const batch = count < this.#batchedMin ? null : this.#openBatch();
		this.#batch = batch;
		for (let from = 0; from < count; from += BATCH_MAX) {
			const to = Math.min(from + BATCH_MAX, count);
			if (batch !== null) this.#readFor(batch, from, to);
			for (let index = from; index < to; index++) this.#tell(index, batch, this.#reads[index - from] ?? -1);
			batch?.flush();
		}
		this.#batch = null;
	}

	#openBatch(): SocketBatch | null {
		if (this.#batchOf === undefined) this.#batchOf = SocketBatch.open(this.#calls);
		return this.#batchOf?.usable === true ? this.#batchOf : null;
	}

	/** The source of an event. Undefined: an earlier one has removed it, or another has its descriptor now. */
	#sourceOf(index: number): PollSource | undefined {
		const end = WORDS * (index + 1);
		const watch = this.#watches[this.#events[end - 2] ?? 0];
		return watch?.serial === this.#events[end - 1] ? watch?.source : undefined;
	}

	#readFor(batch: SocketBatch, from: number, to: number): void {
		for (let index = from; index < to; index++) {
			const start = WORDS * index;
			const reads = this.#sourceOf(index)?.reader?.wouldRead(this.#events[start] ?? 0) === true;
			const descriptor = this.#events[start + WORDS - 2] ?? 0;
			this.#reads[index - from] = reads ? batch.receive(descriptor) : -1;
		}
		batch.submit();
	}

	#tell(index: number, batch: SocketBatch | null, read: number): void {
		const source = this.#sourceOf(index);
		if (source === undefined) return;
		try {
			if (batch !== null && read >= 0) source.reader?.received(batch.received(read));
			else source.ready(this.#events[WORDS * index] ?? 0);
		} catch (error) {
			// The others are not to miss their turn for it.
			queueMicrotask(() => {
				throw error;
			});
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
