/** What a connection has to send: it goes to the kernel at once, or with what others send in the same turn, or is kept until the kernel takes it. */
import { constants } from 'node:os';
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';
import { givePiece } from './pieces.ts';
import { BATCHED_BYTES, type BatchedTurn, type BatchSender, type SocketBatch } from './socket-batch.ts';
import { SEND_FLAGS, sendAtOnce } from './socket-options.ts';

const { EAGAIN, EINTR } = constants.errno;

/** Heads and the small bodies that follow them leave through this one. */
const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);
const NOTHING = Buffer.alloc(0);

export interface OutboxOwner {
	/** Bytes that were on their way are kept after all: `flush` when they can be sent. */
	onKept(): void;
	/** Never from within a call of the owner's: whoever writes does not expect it in the middle of that. */
	onFailed(error: KernelError): void;
}

export class Outbox implements BatchSender {
	readonly #calls: Libc;
	readonly #turn: BatchedTurn;
	readonly #owner: OutboxOwner;
	/** -1: nothing can be sent yet, or any more. */
	#descriptor = -1;
	/** What the kernel has not taken yet, oldest first. */
	#kept: Uint8Array[] = [];
	/** Bytes leave with those of others, unless `settle` comes before. */
	#underWay = false;
	/** False: a small write may be held back until the one before has arrived (Nagle's algorithm, RFC 896). */
	#atOnce = false;
	#sentBefore = false;

	constructor(calls: Libc, turn: BatchedTurn, owner: OutboxOwner) {
		this.#calls = calls;
		this.#turn = turn;
		this.#owner = owner;
	}

	/** Whether there is something that the kernel has not taken. What is under way it has not been asked about. */
	get keeps(): boolean {
		return this.#kept.length > 0;
	}

	/** From now on there is somebody to send to. What was kept needs a `flush`. `atOnce`: TCP_NODELAY is set. */
	open(descriptor: number, atOnce: boolean): void {
		this.#descriptor = descriptor;
		this.#atOnce = atOnce;
	}

	/**
	 * Before `open`, for a socket that may yet be connecting: what was kept first is sent, or no byte where nothing was, and the kernel tells.
	 * Answers 0, or the error number for which it can not be opened; EAGAIN: it is connecting.
	 */
	begin(descriptor: number): number {
		const [first = NOTHING] = this.#kept;
		const sent = this.#calls.send(descriptor, first, first.length, SEND_FLAGS);
		if (sent < 0) return this.#calls.lastErrorNumber();
		if (sent > 0) this.#sentBefore = true;
		if (sent < first.length) {
			this.#kept[0] = first.subarray(sent);
		} else {
			this.#kept.shift();
			givePiece(first);
		}
		return 0;
	}

	/** Forgets what is kept. Before the descriptor is closed. */
	close(): void {
		this.settle();
		this.#kept = [];
		this.#descriptor = -1;
	}

	/** False: some of it is kept, `flush` is wanted. The bytes are ours from now on. */
	write(bytes: Uint8Array): boolean {
		this.settle();
		if (this.#kept.length > 0 || this.#descriptor < 0) {
			this.#kept.push(bytes);
			return false;
		}
		const batch = this.#turn.batch;
		if (batch !== null && bytes.length <= BATCHED_BYTES) {
			batch.room().set(bytes);
			this.#leave(batch, bytes.length);
			return true;
		}
		const sent = this.#send(bytes, bytes.length);
		if (sent === bytes.length) {
			givePiece(bytes);
			return true;
		}
		this.#kept.push(sent === 0 ? bytes : bytes.subarray(sent));
		return false;
	}

	/** As `write`, of a Latin-1 head and what follows it in the same packet. */
	writeHead(head: string, body: Uint8Array | null): boolean {
		this.settle();
		const bytes = head.length + (body === null ? 0 : body.length);
		if (bytes > SCRATCH.length || this.#kept.length > 0 || this.#descriptor < 0) {
			const taken = this.write(Buffer.from(head, 'latin1'));
			return body === null ? taken : this.write(body);
		}
		const batch = bytes <= BATCHED_BYTES ? this.#turn.batch : null;
		const memory = batch === null ? SCRATCH : batch.room();
		memory.write(head, 0, 'latin1');
		if (body !== null) memory.set(body, head.length);
		if (batch !== null) {
			this.#leave(batch, bytes);
			return true;
		}
		const sent = this.#send(SCRATCH, bytes);
		if (sent === bytes) return true;
		this.#kept.push(Buffer.from(SCRATCH.subarray(sent, bytes)));
		return false;
	}

	/** Sends what is kept, as far as the kernel takes it. */
	flush(): void {
		this.settle();
		let sent = 0;
		for (const bytes of this.#kept) {
			const taken = this.#send(bytes, bytes.length);
			if (taken < bytes.length) {
				if (taken > 0) this.#kept[sent] = bytes.subarray(taken);
				break;
			}
			givePiece(bytes);
			sent++;
		}
		if (sent > 0) this.#kept.splice(0, sent);
	}

	/** Has what is under way leave now: before anything else is done with the descriptor. */
	settle(): void {
		if (this.#underWay) this.#turn.batch?.flush();
	}

	sent(rest: Buffer | null, error: number): void {
		this.#underWay = false;
		if (error !== 0) this.#judge(error);
		if (rest === null) return;
		this.#kept.push(rest);
		this.#owner.onKept();
	}

	#leave(batch: SocketBatch, bytes: number): void {
		if (!this.#atOnce) this.#hurry();
		this.#underWay = true;
		batch.send(this.#descriptor, bytes, this);
	}

	/** How many bytes the kernel took. */
	#send(bytes: Uint8Array, count: number): number {
		if (!this.#atOnce) this.#hurry();
		const sent = this.#calls.send(this.#descriptor, bytes, count, SEND_FLAGS);
		if (sent >= 0) return sent;
		this.#judge(this.#calls.lastErrorNumber());
		return 0;
	}

	/** Before the second write: many connections have only one. */
	#hurry(): void {
		if (this.#sentBefore) {
			sendAtOnce(this.#calls, this.#descriptor);
			this.#atOnce = true;
		}
		this.#sentBefore = true;
	}

	#judge(error: number): void {
		if (error === EAGAIN || error === EINTR) return;
		queueMicrotask(() => this.#owner.onFailed(new KernelError('send', error)));
	}
}
