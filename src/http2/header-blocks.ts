/** Gathers the field block that a HEADERS frame begins and CONTINUATION frames go on with (RFC 9113 section 6.2). */
import { Buffer } from 'node:buffer';
import type { FrameHead } from './frame-reader.ts';
import { FLAG } from './frame-types.ts';
import { connectionFault } from './http2-fault.ts';

export interface FieldBlock {
	readonly streamId: number;
	/** No body follows. */
	readonly ends: boolean;
	readonly bytes: Buffer;
}

/** A block may come in this many frames; more of them are a way to keep us busy. */
const FRAMES_MAX = 64;

export class HeaderBlocks {
	readonly #bytesMax: number;
	#streamId = 0;
	#ends = false;
	#parts: Buffer[] = [];
	#bytes = 0;

	/** `bytesMax` bounds a block as it is sent. */
	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
	}

	/** The stream whose block is not whole yet, or 0: until it is, no other frame may come. */
	get open(): number {
		return this.#streamId;
	}

	/** Answers the block where it is whole. Throws a fault of the connection. */
	begin(head: FrameHead, payload: Buffer): FieldBlock | null {
		this.#streamId = head.streamId;
		this.#ends = (head.flags & FLAG.END_STREAM) !== 0;
		this.#parts = [];
		this.#bytes = 0;
		return this.#add(head, withoutPadding(head, payload));
	}

	/** As `begin`. */
	goOn(head: FrameHead, payload: Buffer): FieldBlock | null {
		if (this.#streamId === 0) throw connectionFault('PROTOCOL_ERROR', 'CONTINUATION goes on with nothing');
		return this.#add(head, payload);
	}

	#add(head: FrameHead, part: Buffer): FieldBlock | null {
		this.#parts.push(part);
		this.#bytes += part.length;
		if (this.#bytes > this.#bytesMax || this.#parts.length > FRAMES_MAX) {
			const found = `a field block has ${this.#bytes} bytes in ${this.#parts.length} frames`;
			const wanted = `at most ${this.#bytesMax} bytes in ${FRAMES_MAX} frames are allowed`;
			throw connectionFault('ENHANCE_YOUR_CALM', `${found}, ${wanted}`);
		}
		if ((head.flags & FLAG.END_HEADERS) === 0) return null;
		const bytes = this.#parts.length === 1 ? part : Buffer.concat(this.#parts, this.#bytes);
		const block = { streamId: this.#streamId, ends: this.#ends, bytes };
		this.#streamId = 0;
		this.#parts = [];
		return block;
	}
}

function withoutPadding({ flags }: FrameHead, payload: Buffer): Buffer {
	let from = 0;
	let padding = 0;
	if ((flags & FLAG.PADDED) !== 0) {
		padding = payload[0] ?? 0;
		from = 1;
	}
	// Priorities of RFC 7540: read over, as RFC 9113 section 5.3 has it.
	if ((flags & FLAG.PRIORITY) !== 0) from += 5;
	const to = payload.length - padding;
	if (to < from) {
		if (payload.length < from) throw connectionFault('FRAME_SIZE_ERROR', 'a HEADERS frame is too short');
		throw connectionFault('PROTOCOL_ERROR', 'a frame has more padding than payload');
	}
	return from === 0 && padding === 0 ? payload : payload.subarray(from, to);
}
