/**
 * The streams of one connection: their windows, their ends, and what a client may do to them. It counts resets, because each costs a
 * request that began and nobody waits for (CVE-2023-44487), whoever sends the frame (CVE-2025-8671).
 */
import { monotonicMs } from '../base/clock.ts';
import { Allowance } from './allowance.ts';
import { headersText, resetText, windowUpdateText } from './frame-text.ts';
import { WINDOW_BYTES_DEFAULT } from './frame-types.ts';
import { connectionFault, type Http2ErrorCode, type Http2Fault } from './http2-fault.ts';
import { ReceiveWindow } from './receive-window.ts';
import { SendQueue } from './send-queue.ts';
import { ServerStream, type StreamOwner } from './server-stream.ts';

/** Resets that a client may have without answers, and how many more each second: a browser leaves a page of 100 at once. */
const RESETS = { burst: 256, perSecond: 32 };
/** Streams that we reset are remembered for as long as what the client sent meanwhile may still come. */
const REMEMBERED_MAX = 256;

export interface StreamTableOptions {
	readonly streamWindowBytes: number;
	/** Of all streams together. */
	readonly windowBytes: number;
	/** There is something to send. */
	readonly onOutput: () => void;
	readonly onStreamClosed: () => void;
}

export class StreamTable implements StreamOwner {
	readonly queue = new SendQueue((stream) => this.#responseSent(stream));
	readonly #options: StreamTableOptions;
	readonly #streams = new Map<number, ServerStream>();
	readonly #received: ReceiveWindow;
	readonly #resets = new Allowance(RESETS.burst, RESETS.perSecond, monotonicMs());
	/** Reset by us, oldest first. */
	readonly #reset = new Set<number>();
	/** Of each stream that opens. */
	#sendBytes = WINDOW_BYTES_DEFAULT;
	#firstBlock = true;
	/** The highest that the client opened. */
	lastId = 0;
	/** Of all requests under way. */
	headsBytes = 0;

	constructor(options: StreamTableOptions) {
		this.#options = options;
		// Streams that nobody reads may hold all but one stream's share of it: the steps have to be as small.
		this.#received = new ReceiveWindow(options.windowBytes, options.streamWindowBytes / 2);
	}

	get size(): number {
		return this.#streams.size;
	}

	get(id: number): ServerStream | null {
		return this.#streams.get(id) ?? null;
	}

	/** True where the client may not know yet that it is over: what comes on it means nothing. */
	wasReset(id: number): boolean {
		return this.#reset.has(id);
	}

	open(id: number, requestEnds: boolean, headBytes: number): ServerStream {
		const windows = { receiveBytes: this.#options.streamWindowBytes, sendBytes: this.#sendBytes };
		const stream = new ServerStream(id, this, windows);
		stream.requestOpen = !requestEnds;
		stream.headBytes = headBytes;
		this.headsBytes += headBytes;
		this.#streams.set(id, stream);
		return stream;
	}

	/** What came counts for the connection, whoever takes it. Throws FLOW_CONTROL_ERROR. */
	take(bytes: number): void {
		if (this.#received.take(bytes)) return;
		throw connectionFault('FLOW_CONTROL_ERROR', 'more came than the window of the connection allows');
	}

	/** Bytes that nobody takes. */
	drop(bytes: number): void {
		const grown = this.#received.giveBack(bytes);
		if (grown > 0) this.say(windowUpdateText(0, grown));
	}

	say(text: string): void {
		this.queue.push(text);
		this.#options.onOutput();
	}

	/** All of the client's part has come. */
	endRequest(stream: ServerStream): void {
		stream.requestOpen = false;
		stream.handler.onEnd();
		// Whoever answered at once has closed it already.
		if (!stream.responseOpen) this.#remove(stream);
	}

	/** The client's fault costs it a stream. Throws ENHANCE_YOUR_CALM where that was one too many. */
	refuse({ streamId, code }: Http2Fault): void {
		const stream = this.get(streamId);
		if (stream === null) {
			this.say(resetText(streamId, code));
			this.#remember(streamId);
		} else {
			this.reset(stream, code);
			stream.handler.onReset();
		}
		this.#countReset();
	}

	/** The client gives up a stream. Throws as `refuse`. */
	giveUp(id: number): void {
		const stream = this.get(id);
		if (stream === null) return;
		this.#remove(stream);
		stream.handler.onReset();
		this.#countReset();
	}

	/** The client sets the windows of all its streams anew. Throws FLOW_CONTROL_ERROR. */
	resizeWindows(bytes: number): void {
		const grown = bytes - this.#sendBytes;
		this.#sendBytes = bytes;
		for (const stream of this.#streams.values()) this.queue.widenStream(stream, grown);
		this.#options.onOutput();
	}

	/** The client takes more: on a stream, or with id 0 on the connection. Throws FLOW_CONTROL_ERROR. */
	widen(id: number, bytes: number): void {
		const stream = this.get(id);
		if (id === 0) this.queue.widen(bytes);
		else if (stream !== null) this.queue.widenStream(stream, bytes);
		this.#options.onOutput();
	}

	/** Those whose request is not whole. */
	closeOpenRequests(): void {
		for (const stream of [...this.#streams.values()]) {
			if (!stream.requestOpen) continue;
			this.reset(stream, 'CANCEL');
			stream.handler.onReset();
		}
	}

	/** There is no connection any more. */
	close(): void {
		for (const stream of [...this.#streams.values()]) {
			this.#remove(stream);
			stream.handler.onReset();
		}
	}

	// The streams' side --------------------------------------------------------------------------------------------

	sendHeaders(stream: ServerStream, block: string, last: boolean): void {
		// The client may have room for a smaller table than the one that we do not use: ours is declared empty once.
		const prefix = this.#firstBlock ? '\x20' : '';
		this.#firstBlock = false;
		this.say(headersText(stream.id, prefix + block, last));
		if (last) this.#responseSent(stream);
	}

	ready(stream: ServerStream): void {
		this.queue.add(stream);
		this.#options.onOutput();
	}

	giveBack(stream: ServerStream, bytes: number): void {
		// What a stream owes is given back when it closes.
		if (stream.owedBytes === 0) return;
		stream.owedBytes -= bytes;
		this.drop(bytes);
		const grown = stream.requestOpen ? stream.received.giveBack(bytes) : 0;
		if (grown > 0) this.say(windowUpdateText(stream.id, grown));
	}

	reset(stream: ServerStream, code: Http2ErrorCode): void {
		this.say(resetText(stream.id, code));
		this.#remember(stream.id);
		this.#remove(stream);
	}

	#responseSent(stream: ServerStream): void {
		stream.responseOpen = false;
		this.#resets.earn(1);
		if (stream.requestOpen) this.reset(stream, 'NO_ERROR');
		else this.#remove(stream);
		stream.handler.onSent();
	}

	#remove(stream: ServerStream): void {
		stream.close();
		if (!this.#streams.delete(stream.id)) return;
		this.headsBytes -= stream.headBytes;
		const { owedBytes } = stream;
		stream.owedBytes = 0;
		if (owedBytes > 0) this.drop(owedBytes);
		this.#options.onStreamClosed();
	}

	#remember(id: number): void {
		this.#reset.add(id);
		if (this.#reset.size <= REMEMBERED_MAX) return;
		for (const oldest of this.#reset) {
			this.#reset.delete(oldest);
			return;
		}
	}

	#countReset(): void {
		if (!this.#resets.spend(monotonicMs)) {
			throw connectionFault('ENHANCE_YOUR_CALM', 'too many streams were reset');
		}
	}
}
