/**
 * Which request has which place, told by the worker that has the place to the owner of the instance, who asks when a line of output
 * or an end has to be put down to a request. A worker writes a mark before the request goes to the function, so it is there
 * when the function speaks.
 */
import type { NamedRequest } from '../process/requests-in-flight.ts';

/** Bytes of a mark: its state, how long the id is, the id, how many requests were answered, and when the last one ended. */
const MARK_BYTES = 64;
const ID_AT = 2;
const ANSWERS_AT = 48;
const ENDED_AT = 56;
const ID_BYTES_MAX = ANSWERS_AT - ID_AT;
const STATE = { none: 0, working: 1, ended: 2 } as const;

export class PlaceMarks {
	readonly #bytes: Buffer;

	/** As many marks as the memory has room for from `offset` on. */
	constructor(memory: ArrayBuffer, offset: number, count: number) {
		this.#bytes = Buffer.from(memory, offset, count * MARK_BYTES);
	}

	/** Bytes that so many marks take. */
	static bytesOf(count: number): number {
		return count * MARK_BYTES;
	}

	/** Whoever has a place beyond the last mark works unnamed. */
	begin(place: number, requestId: string): void {
		const at = place * MARK_BYTES;
		if (at >= this.#bytes.length || requestId.length > ID_BYTES_MAX) return;
		this.#bytes[at + 1] = this.#bytes.write(requestId, at + ID_AT, 'latin1');
		this.#bytes[at] = STATE.working;
	}

	end(place: number, answered: boolean): void {
		const at = place * MARK_BYTES;
		if (at >= this.#bytes.length) return;
		if (answered) this.#bytes.writeUInt32LE((this.answers(place) + 1) >>> 0, at + ANSWERS_AT);
		this.#bytes[at] = STATE.ended;
		this.#bytes.writeDoubleLE(Date.now(), at + ENDED_AT);
	}

	/** Nobody has had the place. */
	wipe(place: number): void {
		const at = place * MARK_BYTES;
		if (at < this.#bytes.length) this.#bytes[at] = STATE.none;
	}

	/** How many requests have been answered on it, whoever had it. */
	answers(place: number): number {
		const at = place * MARK_BYTES;
		return at < this.#bytes.length ? this.#bytes.readUInt32LE(at + ANSWERS_AT) : 0;
	}

	of(place: number): NamedRequest | null {
		const at = place * MARK_BYTES;
		const state = this.#bytes[at] ?? STATE.none;
		if (state === STATE.none) return null;
		const id = this.#bytes.toString('latin1', at + ID_AT, at + ID_AT + (this.#bytes[at + 1] ?? 0));
		if (state === STATE.working) return { id, endedForMs: null };
		return { id, endedForMs: Math.max(0, Date.now() - this.#bytes.readDoubleLE(at + ENDED_AT)) };
	}
}
