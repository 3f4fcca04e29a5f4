/**
 * What many connections read and write in one turn of a PollLoop, by one call of the kernel for each (io-uring.ts).
 *
 * Reads: `receive` for each, `submit`, `received` for each. Writes: `send` says to a connection that its bytes are on their way; they
 * leave with the others at `flush`, and the connection is told what became of them.
 */
import { IoUring, RECEIVE, type RingCall, SEND } from './io-uring.ts';
import type { Libc } from './libc.ts';
import { RECEIVE_FLAGS, SEND_FLAGS } from './socket-options.ts';

/** Of each kind: what more would save is little, and those that come first wait for the others. */
export const BATCH_MAX = 32;
/** Of one read or write. Longer ones cost by their bytes, not by their call. */
export const BATCHED_BYTES = 8 * 1024;

/** Who has bytes under way. */
export interface BatchSender {
	/** `rest` is what was not taken, or null; `error` a number of errno, or 0. Never throws: the others are to be told too. */
	sent(rest: Buffer | null, error: number): void;
}

export interface BatchedTurn {
	/** For what is sent in this turn; null where each sends by itself. */
	readonly batch: SocketBatch | null;
}

export class SocketBatch {
	readonly #ring: IoUring;
	readonly #memory: readonly Buffer[];
	#reads = 0;
	readonly #senders: BatchSender[] = [];
	readonly #lengths: number[] = [];

	private constructor(ring: IoUring, memory: readonly Buffer[]) {
		this.#ring = ring;
		this.#memory = memory;
	}

	/** Null where the kernel has no such calls, or does not let us have them. */
	static open(calls: Libc): SocketBatch | null {
		// Nothing of it is touched before it is used.
		const all = Buffer.allocUnsafeSlow(2 * BATCH_MAX * BATCHED_BYTES);
		const memory = Array.from({ length: 2 * BATCH_MAX }, (_, index) =>
			all.subarray(index * BATCHED_BYTES, (index + 1) * BATCHED_BYTES),
		);
		const entries = memory.map(
			(each, index): RingCall =>
				index < BATCH_MAX
					? { operation: RECEIVE, memory: each, flags: RECEIVE_FLAGS }
					: { operation: SEND, memory: each, flags: SEND_FLAGS },
		);
		const ring = IoUring.open(calls, entries);
		return ring === null ? null : new SocketBatch(ring, memory);
	}

	/** False: the kernel does not take part any more; calls of one's own will do. */
	get usable(): boolean {
		return !this.#ring.refused;
	}

	/** Which of this turn's reads it is. At most BATCH_MAX between two calls of `submit`. */
	receive(descriptor: number): number {
		this.#ring.ask(this.#reads, descriptor, BATCHED_BYTES);
		this.#reads += 1;
		return this.#reads - 1;
	}

	submit(): void {
		this.#ring.submit();
		this.#reads = 0;
	}

	/** As `receive` of receive.ts. */
	received(index: number): Buffer | number {
		const bytes = this.#ring.answers[index] ?? 0;
		if (bytes <= 0) return bytes;
		const received = Buffer.allocUnsafeSlow(bytes);
		this.#memory[index]?.copy(received, 0, 0, bytes);
		return received;
	}

	/** Where the next write's bytes belong: BATCHED_BYTES, to be followed by `send`. */
	room(): Buffer {
		if (this.#senders.length === BATCH_MAX) this.flush();
		return this.#memory[BATCH_MAX + this.#senders.length] as Buffer;
	}

	/** The first bytes of `room` are for `descriptor`, which stays open until its sender was told. */
	send(descriptor: number, bytes: number, sender: BatchSender): void {
		this.#ring.ask(BATCH_MAX + this.#senders.length, descriptor, bytes);
		this.#senders.push(sender);
		this.#lengths.push(bytes);
	}

	/** Sends what is under way and tells its senders. */
	flush(): void {
		const count = this.#senders.length;
		if (count === 0) return;
		this.#ring.submit();
		for (let index = 0; index < count; index++) {
			const answer = this.#ring.answers[BATCH_MAX + index] ?? 0;
			const length = this.#lengths[index] ?? 0;
			const sent = Math.max(answer, 0);
			const rest =
				sent === length ? null : Buffer.from(this.#memory[BATCH_MAX + index]?.subarray(sent, length) ?? []);
			this.#senders[index]?.sent(rest, answer < 0 ? -answer : 0);
		}
		this.#senders.length = 0;
		this.#lengths.length = 0;
	}
}
