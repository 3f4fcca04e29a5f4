/**
 * Cuts what a client sends into frames (RFC 9113 section 4). Payloads of DATA go on as the slices they came in; those of all other
 * frames are gathered until whole, which is 16 KiB at most.
 *
 *     preface ──▶ head ──▶ payload ──▶ head …
 *                  │└────▶ (pad length) ──▶ data ──▶ (padding) ──▶ head …
 */
import { Buffer } from 'node:buffer';
import { CLIENT_PREFACE, FLAG, FRAME, FRAME_BYTES_MAX, FRAME_HEAD_BYTES } from './frame-types.ts';
import { connectionFault } from './http2-fault.ts';

export interface FrameHead {
	/** Of the payload. */
	readonly bytes: number;
	readonly type: number;
	readonly flags: number;
	readonly streamId: number;
}

/** What it throws ends the reading for good. */
export interface FrameSink {
	/** A whole frame other than DATA; `payload` is a view of what came. */
	onFrame(head: FrameHead, payload: Buffer): void;
	/** The head of a DATA frame: all of its payload, padding too, counts for the windows. */
	onDataHead(head: FrameHead): void;
	onDataSlice(slice: Buffer): void;
	/** All of it came. `paddingBytes` of it were padding. */
	onDataEnd(paddingBytes: number): void;
}

type State = 'preface' | 'head' | 'payload' | 'pad-length' | 'data' | 'padding';

const PREFACE = Buffer.from(CLIENT_PREFACE, 'latin1');
const EMPTY = Buffer.alloc(0);
const NO_HEAD: FrameHead = { bytes: 0, type: 0, flags: 0, streamId: 0 };

export class FrameReader {
	readonly #sink: FrameSink;
	#state: State = 'preface';
	/** Bytes of a head or a payload that came in pieces, or of the preface that were found as expected. */
	#gathered: Buffer = Buffer.alloc(FRAME_HEAD_BYTES);
	#gatheredBytes = 0;
	#head = NO_HEAD;
	/** Bytes of data, or of padding, that are to come. */
	#left = 0;
	#paddingBytes = 0;
	/** Bytes that only tell how much padding there is: 0 or 1. */
	#padLengthBytes = 0;

	constructor(sink: FrameSink) {
		this.#sink = sink;
	}

	/** False: of the preface nothing but a part has come. */
	get begun(): boolean {
		return this.#state !== 'preface';
	}

	/** Throws a fault of the connection, and what the sink throws. */
	push(bytes: Buffer): void {
		let at = 0;
		while (at < bytes.length) at = this.#step(bytes, at);
	}

	#step(bytes: Buffer, at: number): number {
		switch (this.#state) {
			case 'preface':
				return this.#readPreface(bytes, at);
			case 'head':
				return this.#readHead(bytes, at);
			case 'payload':
				return this.#readPayload(bytes, at);
			case 'pad-length':
				this.#padLengthBytes = 1;
				this.#beginData(bytes[at] ?? 0);
				return at + 1;
			case 'data':
				return this.#readData(bytes, at);
			case 'padding':
				return this.#skipPadding(bytes, at);
			default:
				return this.#state satisfies never;
		}
	}

	#readPreface(bytes: Buffer, from: number): number {
		const taken = Math.min(PREFACE.length - this.#gatheredBytes, bytes.length - from);
		const wanted = PREFACE.subarray(this.#gatheredBytes, this.#gatheredBytes + taken);
		if (!wanted.equals(bytes.subarray(from, from + taken))) {
			throw connectionFault('PROTOCOL_ERROR', 'the connection does not begin with the preface of HTTP/2');
		}
		this.#gatheredBytes += taken;
		if (this.#gatheredBytes === PREFACE.length) this.#next();
		return from + taken;
	}

	#readHead(bytes: Buffer, from: number): number {
		if (this.#gatheredBytes === 0 && bytes.length - from >= FRAME_HEAD_BYTES) {
			this.#begin(bytes, from);
			return from + FRAME_HEAD_BYTES;
		}
		const taken = this.#gather(bytes, from, FRAME_HEAD_BYTES);
		if (this.#gatheredBytes === FRAME_HEAD_BYTES) this.#begin(this.#gathered, 0);
		return from + taken;
	}

	#begin(bytes: Buffer, at: number): void {
		const head: FrameHead = {
			bytes: bytes.readUIntBE(at, 3),
			type: bytes[at + 3] ?? 0,
			flags: bytes[at + 4] ?? 0,
			streamId: bytes.readUInt32BE(at + 5) & 0x7fff_ffff,
		};
		if (head.bytes > FRAME_BYTES_MAX) {
			throw connectionFault(
				'FRAME_SIZE_ERROR',
				`a frame has ${head.bytes} bytes, at most ${FRAME_BYTES_MAX} are allowed`,
			);
		}
		this.#head = head;
		this.#gatheredBytes = 0;
		if (head.type === FRAME.DATA) {
			this.#sink.onDataHead(head);
			this.#padLengthBytes = 0;
			if ((head.flags & FLAG.PADDED) === 0) this.#beginData(0);
			else if (head.bytes === 0) throw connectionFault('FRAME_SIZE_ERROR', 'a padded frame is empty');
			else this.#state = 'pad-length';
			return;
		}
		this.#state = 'payload';
		if (head.bytes > 0) return;
		this.#next();
		this.#sink.onFrame(head, EMPTY);
	}

	#readPayload(bytes: Buffer, from: number): number {
		const head = this.#head;
		const end = from + head.bytes;
		if (this.#gatheredBytes === 0 && end <= bytes.length) {
			this.#next();
			this.#sink.onFrame(head, bytes.subarray(from, end));
			return end;
		}
		if (this.#gatheredBytes === 0) this.#gathered = Buffer.allocUnsafe(head.bytes);
		const taken = this.#gather(bytes, from, head.bytes);
		if (this.#gatheredBytes < head.bytes) return from + taken;
		const payload = this.#gathered;
		this.#gathered = Buffer.alloc(FRAME_HEAD_BYTES);
		this.#next();
		this.#sink.onFrame(head, payload);
		return from + taken;
	}

	#beginData(paddingBytes: number): void {
		const left = this.#head.bytes - this.#padLengthBytes - paddingBytes;
		if (left < 0) throw connectionFault('PROTOCOL_ERROR', 'a frame has more padding than payload');
		this.#paddingBytes = paddingBytes;
		this.#left = left;
		this.#state = 'data';
		if (left === 0) this.#endData();
	}

	#readData(bytes: Buffer, from: number): number {
		const end = Math.min(bytes.length, from + this.#left);
		this.#left -= end - from;
		this.#sink.onDataSlice(bytes.subarray(from, end));
		if (this.#left === 0) this.#endData();
		return end;
	}

	#endData(): void {
		this.#left = this.#paddingBytes;
		this.#state = 'padding';
		if (this.#left === 0) this.#endFrame();
	}

	#skipPadding(bytes: Buffer, from: number): number {
		const end = Math.min(bytes.length, from + this.#left);
		this.#left -= end - from;
		if (this.#left === 0) this.#endFrame();
		return end;
	}

	#endFrame(): void {
		this.#next();
		this.#sink.onDataEnd(this.#paddingBytes + this.#padLengthBytes);
	}

	#next(): void {
		this.#state = 'head';
		this.#gatheredBytes = 0;
	}

	/** Answers how many bytes it took. */
	#gather(bytes: Buffer, from: number, wanted: number): number {
		const taken = bytes.copy(this.#gathered, this.#gatheredBytes, from, from + wanted - this.#gatheredBytes);
		this.#gatheredBytes += taken;
		return taken;
	}
}
