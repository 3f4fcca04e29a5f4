/**
 * Several calls on sockets by one system call (io_uring(7), Linux 5.7 and later). Entering the kernel is most of what a small send or
 * receive costs where page tables are changed at each entry, and a fifth of it elsewhere.
 *
 * Calls are written into entries of a fixed place each, and carried out in the order in which they were asked for, by this thread, within `submit`: none of them
 * ever waits. So nothing is shared with a kernel at work, and plain reads and writes will do.
 */
import { constants } from 'node:os';
import type { Libc } from './libc.ts';

const IO_URING_SETUP = 425;
const IO_URING_ENTER = 426;
/** The two rings are in one mapping; and, of the same age as the calls on sockets, a wait without threads. */
const FEATURES_NEEDED = 0b100001;
const OFFSET_OF_ENTRIES = 0x10000000;
/** struct io_uring_params, and where it tells how many entries and answers there are, what the kernel offers and where the rings are. */
const PARAMS_BYTES = 120;
const ENTRIES = 0;
const ANSWERS = 4;
const FEATURES = 20;
const SUBMISSION = { head: 40, tail: 44, mask: 48, array: 64 } as const;
const COMPLETION = { head: 80, tail: 84, mask: 88, entries: 100 } as const;
/** struct io_uring_sqe in words of 32 bits. */
const ENTRY_WORDS = 16;
const DESCRIPTOR = 1;
const ADDRESS = 4;
const LENGTH = 6;
const CALL_FLAGS = 7;
const USER_DATA = 8;
/** struct io_uring_cqe in words: of ours 64 bits, the answer, flags. */
const ANSWER_WORDS = 4;
const ANSWER = 2;

export const SEND = 26;
export const RECEIVE = 27;

/** Of an entry that stays the same. */
export interface RingCall {
	readonly operation: typeof SEND | typeof RECEIVE;
	/** Must outlive the ring, and stay where it is. */
	readonly memory: Buffer;
	/** Of send(2) and recv(2). MSG_DONTWAIT is among them. */
	readonly flags: number;
}

export class IoUring {
	/** What each entry's call answered when it was last submitted: bytes, or a negative error number. EAGAIN where it was not carried out. */
	readonly answers: Int32Array;
	readonly #calls: Libc;
	readonly #descriptor: number;
	readonly #entries: Int32Array;
	readonly #rings: Uint32Array;
	readonly #at: Readonly<
		Record<'tail' | 'mask' | 'array' | 'head' | 'answerMask' | 'answers' | 'told' | 'written', number>
	>;
	#asked = 0;
	#refused = false;

	private constructor(calls: Libc, descriptor: number, params: Buffer, given: readonly RingCall[]) {
		// Offsets are told in bytes.
		const word = (parameter: number): number => params.readUInt32LE(parameter) / 4;
		const [entries, answers] = [params.readUInt32LE(ENTRIES), params.readUInt32LE(ANSWERS)];
		const words = Math.max(
			word(SUBMISSION.array) + entries,
			word(COMPLETION.entries) + ANSWER_WORDS * answers,
		);
		this.#calls = calls;
		this.#descriptor = descriptor;
		this.#rings = new Uint32Array(calls.map(descriptor, 4 * words, 0));
		this.#entries = new Int32Array(calls.map(descriptor, 4 * ENTRY_WORDS * entries, OFFSET_OF_ENTRIES));
		this.#at = {
			head: word(SUBMISSION.head),
			tail: word(SUBMISSION.tail),
			mask: this.#rings[word(SUBMISSION.mask)] ?? 0,
			array: word(SUBMISSION.array),
			told: word(COMPLETION.head),
			written: word(COMPLETION.tail),
			answerMask: this.#rings[word(COMPLETION.mask)] ?? 0,
			answers: word(COMPLETION.entries),
		};
		this.answers = new Int32Array(given.length);
		for (const [index, call] of given.entries()) this.#describe(call, index);
	}

	/** A ring with an entry for each of `given`. Null where the kernel has none, or does not let us have it. */
	static open(calls: Libc, given: readonly RingCall[]): IoUring | null {
		const params = Buffer.alloc(PARAMS_BYTES);
		const descriptor = calls.syscall(IO_URING_SETUP, given.length, calls.address(params), 0, 0, 0);
		if (descriptor < 0) return null;
		const features = params.readUInt32LE(FEATURES) & FEATURES_NEEDED;
		try {
			if (features === FEATURES_NEEDED) return new IoUring(calls, descriptor, params, given);
		} catch {
			// Its memory can not be had.
		}
		calls.close(descriptor);
		return null;
	}

	/** Entry `index` is to be carried out on a socket, with the first `bytes` of its memory. Once for each submit. */
	ask(index: number, descriptor: number, bytes: number): void {
		const entry = ENTRY_WORDS * index;
		this.#entries[entry + DESCRIPTOR] = descriptor;
		this.#entries[entry + LENGTH] = bytes;
		const { tail, mask, array } = this.#at;
		const next = this.#rings[tail] ?? 0;
		this.#rings[array + (next & mask)] = index;
		this.#rings[tail] = next + 1;
		this.answers[index] = -constants.errno.EAGAIN;
		this.#asked += 1;
	}

	/** The kernel has refused to carry out what it was asked for, and is likely to do it again. */
	get refused(): boolean {
		return this.#refused;
	}

	/** Carries out all that was asked for. */
	submit(): void {
		while (this.#asked > 0) {
			const taken = this.#calls.syscall(IO_URING_ENTER, this.#descriptor, this.#asked, 0, 0, 0);
			this.#takeAnswers();
			if (taken <= 0) break;
			this.#asked -= taken;
		}
		if (this.#asked === 0) return;
		this.#refused = true;
		this.#asked = 0;
		// What is left is taken back: the next call is not to carry it out.
		this.#rings[this.#at.tail] = this.#rings[this.#at.head] ?? 0;
	}

	#takeAnswers(): void {
		const { told, written, answerMask, answers } = this.#at;
		const rings = this.#rings;
		let head = rings[told] ?? 0;
		const tail = rings[written] ?? 0;
		for (; head !== tail; head = (head + 1) >>> 0) {
			const answer = answers + ANSWER_WORDS * (head & answerMask);
			this.answers[rings[answer] ?? 0] = (rings[answer + ANSWER] ?? 0) | 0;
		}
		rings[told] = head;
	}

	#describe({ operation, memory, flags }: RingCall, index: number): void {
		const entry = ENTRY_WORDS * index;
		const address = this.#calls.address(memory);
		this.#entries[entry] = operation;
		this.#entries[entry + ADDRESS] = Number(BigInt.asIntN(32, address));
		this.#entries[entry + ADDRESS + 1] = Number(BigInt.asIntN(32, address >> 32n));
		this.#entries[entry + CALL_FLAGS] = flags;
		this.#entries[entry + USER_DATA] = index;
	}
}
