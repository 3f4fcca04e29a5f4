/**
 * Gathers bytes until a whole head is there. Nearly always that is the first read, and then nothing is copied; a
 * head that comes in pieces is joined, up to `bytesMax`, at a cost that stays linear even byte by byte.
 */
import { malformed, ProtocolFault } from './protocol-fault.ts';

/** Empty lines before a head: one is common, after a POST of old clients; more mean nothing. */
const EMPTY_LINES_MAX = 8;
const END = Buffer.from('\r\n\r\n', 'latin1');
const CR = 0x0d;
const LF = 0x0a;

export class HeadBuffer {
	readonly #bytesMax: number;
	/** The beginning of a head, in a buffer that may be longer than it. */
	#pending: Buffer = EMPTY;
	#pendingBytes = 0;
	#emptyLines = 0;
	/** The buffer that completed the head, and where in it the next byte after the head stands. */
	rest: Buffer = EMPTY;
	restFrom = 0;

	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
	}

	/** True where part of a head has come. */
	get started(): boolean {
		return this.#pendingBytes > 0;
	}

	/**
	 * Adds bytes from `from` on. Answers the head as Latin-1 text without its empty line, or null while it is
	 * incomplete. A few empty lines before a head are skipped (RFC 9112 section 2.2).
	 */
	push(bytes: Buffer, from: number): string | null {
		let input = bytes;
		let start = from;
		let searchFrom = from;
		if (this.#pendingBytes > 0) {
			searchFrom = Math.max(0, this.#pendingBytes - 3);
			input = this.#append(bytes, from);
			start = 0;
		}
		while (input[start] === CR && input[start + 1] === LF) {
			if (++this.#emptyLines > EMPTY_LINES_MAX) throw malformed('empty lines come instead of a head');
			start += 2;
		}
		const end = input.indexOf(END, Math.max(start, searchFrom));
		if (end < 0) {
			this.#keep(input, start, Math.max(start, searchFrom));
			return null;
		}
		if (end - start > this.#bytesMax) throw this.#tooLarge();
		this.#pending = EMPTY;
		this.#pendingBytes = 0;
		this.#emptyLines = 0;
		this.rest = input;
		this.restFrom = end + 4;
		return input.toString('latin1', start, end + 2);
	}

	/** Joins what came before with `bytes`; the room at least doubles when it has to grow. */
	#append(bytes: Buffer, from: number): Buffer {
		const total = this.#pendingBytes + bytes.length - from;
		if (total > this.#pending.length) {
			const grown = Buffer.allocUnsafe(Math.max(total, 2 * this.#pendingBytes, 1024));
			this.#pending.copy(grown, 0, 0, this.#pendingBytes);
			this.#pending = grown;
		}
		bytes.copy(this.#pending, this.#pendingBytes, from);
		this.#pendingBytes = total;
		return this.#pending.subarray(0, total);
	}

	#keep(input: Buffer, start: number, uncheckedFrom: number): void {
		// The first bytes of the empty line may be there already.
		if (input.length - start > this.#bytesMax + END.length - 1) throw this.#tooLarge();
		refuseBareLineFeed(input, start, uncheckedFrom);
		if (start === 0 && this.#pendingBytes > 0) return;
		this.#pending = EMPTY;
		this.#pendingBytes = 0;
		if (start < input.length) this.#append(input, start);
	}

	#tooLarge(): ProtocolFault {
		return new ProtocolFault('head-too-large', `the head is longer than ${this.#bytesMax} bytes`);
	}
}

const EMPTY = Buffer.alloc(0);

/** A head with bare LF would never show its end: it is refused now, not after a timeout. */
function refuseBareLineFeed(input: Buffer, start: number, from: number): void {
	for (let at = input.indexOf(LF, from); at >= 0; at = input.indexOf(LF, at + 1)) {
		if (at === start || input[at - 1] !== CR) throw malformed('a line of the head ends in a bare LF');
	}
}
