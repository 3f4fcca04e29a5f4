/**
 * One HTTP/2 connection as the server sees it (RFC 9113), without I/O: bytes in, requests and bytes out.
 *
 * What a client breaks costs it the stream where both sides still agree on the connection, and the connection where they may
 * not. What costs us more than it costs the client is counted: resets, and frames that bring nothing.
 */
import type { Buffer } from 'node:buffer';
import { Chores } from './chores.ts';
import { type FrameHead, FrameReader, type FrameSink } from './frame-reader.ts';
import {
	goAwayText,
	pingAckText,
	resetText,
	SETTINGS_ACK_TEXT,
	settingsText,
	windowUpdateText,
} from './frame-text.ts';
import { FLAG, FRAME, STREAM_ID_MAX, WINDOW_BYTES_DEFAULT } from './frame-types.ts';
import { type FieldBlock, HeaderBlocks } from './header-blocks.ts';
import { type DecodedFields, HpackDecoder } from './hpack-decoder.ts';
import { connectionFault, type Http2ErrorCode, Http2Fault } from './http2-fault.ts';
import { judgeOrder } from './judge-order.ts';
import { readSettings } from './peer-settings.ts';
import { judgeTrailers, requestText } from './request-text.ts';
import { requireBytes } from './require-bytes.ts';
import type { TakeOutput } from './send-queue.ts';
import type { ServerStream } from './server-stream.ts';
import type { SessionHandler, SessionLimits } from './session-handler.ts';
import { StreamTable } from './stream-table.ts';

/** What HPACK has before anybody says otherwise. */
const TABLE_BYTES = 4096;
/** DATA below this is as good as empty, unless it is the last. */
const USEFUL_BYTES = 64;

export class ServerSession implements FrameSink {
	readonly #limits: SessionLimits;
	readonly #handler: SessionHandler;
	readonly #reader = new FrameReader(this);
	readonly #blocks: HeaderBlocks;
	readonly #decoder = new HpackDecoder(TABLE_BYTES);
	readonly #streams: StreamTable;
	readonly #chores: Chores;
	#settled = false;
	#phase: 'open' | 'leaving' | 'dead' = 'open';
	/** The DATA frame at hand; without a stream, nobody takes it. */
	#data: DataFrame = NO_DATA;

	constructor(limits: SessionLimits, handler: SessionHandler) {
		this.#limits = limits;
		this.#handler = handler;
		this.#blocks = new HeaderBlocks(limits.headBytesMax);
		// All streams may have their windows full at once: those that nobody reads must not stop the others.
		const windowBytes = limits.streamsMax * limits.streamWindowBytes;
		this.#streams = new StreamTable({
			windowBytes,
			streamWindowBytes: limits.streamWindowBytes,
			onOutput: () => handler.onOutput(),
			onStreamClosed: () => handler.onStreamClosed(),
		});
		const settings = {
			MAX_CONCURRENT_STREAMS: limits.streamsMax,
			INITIAL_WINDOW_SIZE: limits.streamWindowBytes,
			MAX_HEADER_LIST_SIZE: limits.headBytesMax,
		};
		const { queue } = this.#streams;
		this.#chores = new Chores(queue);
		queue.push(settingsText(settings) + windowUpdateText(0, windowBytes - WINDOW_BYTES_DEFAULT));
	}

	/** Requests under way. */
	get streams(): number {
		return this.#streams.size;
	}

	/** True once the client has said what it is. */
	get settled(): boolean {
		return this.#settled;
	}

	/** True while a head has come in part. */
	get headOpen(): boolean {
		return this.#blocks.open !== 0;
	}

	/** Hands over what may leave until nothing does, or `take` answers false. */
	send(take: TakeOutput): void {
		this.#streams.queue.send(take);
	}

	receive(bytes: Buffer): void {
		if (this.#phase === 'dead') return;
		try {
			this.#reader.push(bytes);
		} catch (error) {
			if (!(error instanceof Http2Fault)) throw error;
			this.fail(error);
		}
	}

	/** Asks for no more requests, and takes those that come all the same (RFC 9113 section 6.8). `leave` has to follow. */
	announceEnd(): void {
		if (this.#phase === 'open') this.#streams.say(goAwayText(STREAM_ID_MAX, 'NO_ERROR', ''));
	}

	/** Takes no new requests; those that came are answered. Twice is harmless. */
	leave(): void {
		if (this.#phase !== 'open') return;
		this.#phase = 'leaving';
		this.#streams.say(goAwayText(this.#streams.lastId, 'NO_ERROR', ''));
	}

	/** Ends the connection with a GOAWAY that says why. */
	fail(fault: Http2Fault): void {
		if (this.#phase === 'dead') return;
		this.close();
		this.#streams.say(goAwayText(this.#streams.lastId, fault.code, fault.message));
		this.#handler.onFault(fault);
	}

	/** The client sends nothing more: requests that are not whole never will be. */
	abandonOpenRequests(): void {
		this.#streams.closeOpenRequests();
	}

	/** There is nobody to tell anything. */
	close(): void {
		this.#phase = 'dead';
		this.#streams.close();
	}

	// The reader's side --------------------------------------------------------------------------------------------

	onFrame(head: FrameHead, payload: Buffer): void {
		this.#judgeOrder(head);
		try {
			this.#take(head, payload);
		} catch (error) {
			if (!(error instanceof Http2Fault) || error.streamId === 0) throw error;
			this.#handler.onRefused(error);
			this.#streams.refuse(error);
		}
	}

	onDataHead(head: FrameHead): void {
		this.#judgeOrder(head);
		const { bytes, streamId } = head;
		this.#streams.take(bytes);
		const ends = (head.flags & FLAG.END_STREAM) !== 0;
		if (bytes >= USEFUL_BYTES) this.#chores.earn();
		else if (!ends) this.#chores.count();
		const stream = this.#streams.get(streamId);
		this.#data = { stream, ends };
		if (stream === null) {
			if (this.#streams.wasReset(streamId)) return;
			this.#chores.count();
			this.#streams.say(resetText(streamId, 'STREAM_CLOSED'));
			return;
		}
		let code: Http2ErrorCode | null = null;
		if (!stream.requestOpen) code = 'STREAM_CLOSED';
		else if (!stream.received.take(bytes)) code = 'FLOW_CONTROL_ERROR';
		if (code === null) return;
		this.#data = NO_DATA;
		this.#streams.refuse(new Http2Fault(code, streamId, 'DATA came that the stream does not take'));
	}

	onDataSlice(slice: Buffer): void {
		const { stream } = this.#data;
		if (stream === null || stream.closed) {
			this.#streams.drop(slice.length);
			return;
		}
		stream.owedBytes += slice.length;
		stream.handler.onData(slice);
	}

	onDataEnd(paddingBytes: number): void {
		const { stream, ends } = this.#data;
		this.#data = NO_DATA;
		if (stream === null || stream.closed) {
			this.#streams.drop(paddingBytes);
			return;
		}
		if (paddingBytes > 0) {
			stream.owedBytes += paddingBytes;
			stream.done(paddingBytes);
		}
		if (ends) this.#streams.endRequest(stream);
	}

	#judgeOrder(head: FrameHead): void {
		const { lastId } = this.#streams;
		judgeOrder(head, { settled: this.#settled, openBlock: this.#blocks.open, lastId });
	}

	#take(head: FrameHead, payload: Buffer): void {
		const { type, streamId } = head;
		switch (type) {
			case FRAME.HEADERS:
				this.#onBlock(this.#blocks.begin(head, payload));
				return;
			case FRAME.CONTINUATION:
				this.#onBlock(this.#blocks.goOn(head, payload));
				return;
			case FRAME.RST_STREAM:
				requireBytes(payload, 4, 'RST_STREAM');
				this.#chores.count();
				this.#streams.giveUp(streamId);
				return;
			case FRAME.PRIORITY:
				requireBytes(payload, 5, 'PRIORITY');
				this.#chores.count();
				return;
			case FRAME.SETTINGS:
				this.#onSettings(head, payload);
				return;
			case FRAME.PUSH_PROMISE:
				throw connectionFault('PROTOCOL_ERROR', 'a client pushes');
			case FRAME.PING:
				requireBytes(payload, 8, 'PING');
				this.#chores.count();
				if ((head.flags & FLAG.ACK) === 0) this.#streams.say(pingAckText(payload.toString('latin1')));
				return;
			case FRAME.WINDOW_UPDATE:
				this.#onWindowUpdate(streamId, payload);
				return;
			default:
				// GOAWAY of a client, which opens nothing more, and what we do not know.
				this.#chores.count();
		}
	}

	#onSettings(head: FrameHead, payload: Buffer): void {
		this.#settled = true;
		this.#chores.count();
		if ((head.flags & FLAG.ACK) !== 0) {
			requireBytes(payload, 0, 'the acknowledgement of SETTINGS');
			return;
		}
		const windowBytes = readSettings(payload);
		if (windowBytes !== null) this.#streams.resizeWindows(windowBytes);
		this.#streams.say(SETTINGS_ACK_TEXT);
	}

	#onWindowUpdate(streamId: number, payload: Buffer): void {
		requireBytes(payload, 4, 'WINDOW_UPDATE');
		this.#chores.count();
		const bytes = payload.readUInt32BE(0) & 0x7fff_ffff;
		if (bytes === 0) throw new Http2Fault('PROTOCOL_ERROR', streamId, 'WINDOW_UPDATE by nothing');
		this.#streams.widen(streamId, bytes);
	}

	#onBlock(block: FieldBlock | null): void {
		if (block === null) return;
		// Read in any case: later blocks may refer to it.
		const fields = this.#decoder.decode(block.bytes, this.#limits.headBytesMax);
		const { streamId, ends } = block;
		if (streamId > this.#streams.lastId) {
			this.#open(streamId, ends, fields);
			return;
		}
		const stream = this.#streams.get(streamId);
		if (stream === null) {
			this.#chores.count();
			if (this.#streams.wasReset(streamId)) return;
			throw connectionFault('STREAM_CLOSED', 'HEADERS came on a stream that is closed');
		}
		if (!stream.requestOpen) throw new Http2Fault('STREAM_CLOSED', streamId, 'HEADERS came after the end');
		if (!ends) throw new Http2Fault('PROTOCOL_ERROR', streamId, 'trailers do not end their request');
		judgeTrailers(streamId, fields.pairs);
		this.#streams.endRequest(stream);
	}

	#open(streamId: number, ends: boolean, { pairs, tooLarge }: DecodedFields): void {
		this.#streams.lastId = streamId;
		if (this.#phase === 'leaving') {
			throw new Http2Fault('REFUSED_STREAM', streamId, 'the connection takes no new requests');
		}
		if (this.#streams.size >= this.#limits.streamsMax) {
			const message = `more than ${this.#limits.streamsMax} requests are under way`;
			throw new Http2Fault('REFUSED_STREAM', streamId, message);
		}
		const text = tooLarge ? null : requestText(streamId, pairs);
		const headBytes = text?.length ?? 0;
		if (this.#streams.headsBytes + headBytes > this.#limits.headsBytesMax) {
			throw new Http2Fault('REFUSED_STREAM', streamId, 'the heads of the requests under way are too large');
		}
		const stream = this.#streams.open(streamId, ends, headBytes);
		stream.handler = this.#handler.onRequest(stream, text, ends);
	}
}

interface DataFrame {
	readonly stream: ServerStream | null;
	readonly ends: boolean;
}

const NO_DATA: DataFrame = { stream: null, ends: false };
