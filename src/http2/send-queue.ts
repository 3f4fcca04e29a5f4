/**
 * What a connection has to send: frames that no window bounds, in their order, and before any body; then the bodies of the
 * streams in turn, a frame each, so that a large one does not keep a small one waiting.
 */
import type { Buffer } from 'node:buffer';
import { dataHead } from './frame-text.ts';
import { FRAME_BYTES_MAX, WINDOW_BYTES_DEFAULT, WINDOW_BYTES_MAX } from './frame-types.ts';
import { connectionFault, Http2Fault } from './http2-fault.ts';
import type { ServerStream } from './server-stream.ts';

/** Takes Latin-1 text, and bytes that follow it. False: take no more for now. */
export type TakeOutput = (text: string, slice: Buffer | null) => boolean;

export class SendQueue {
	/** All of a stream's response has left. */
	readonly #onSent: (stream: ServerStream) => void;
	#text = '';
	#ready: ServerStream[] = [];
	/** Those that only the window of the connection keeps from sending. */
	#starved: ServerStream[] = [];
	#window = WINDOW_BYTES_DEFAULT;
	#sending = false;
	/** Frames of bodies that have left. */
	framesSent = 0;

	constructor(onSent: (stream: ServerStream) => void) {
		this.#onSent = onSent;
	}

	/** True where there is something that may leave. */
	get waiting(): boolean {
		return this.#text !== '' || this.#ready.length > 0;
	}

	push(text: string): void {
		this.#text += text;
	}

	/** Puts a stream in line. */
	add(stream: ServerStream): void {
		if (stream.listed || (stream.window <= 0 && stream.queuedBytes > 0)) return;
		stream.listed = true;
		this.#ready.push(stream);
	}

	/** The client takes more on the whole connection. Throws FLOW_CONTROL_ERROR. */
	widen(bytes: number): void {
		this.#window += bytes;
		if (this.#window > WINDOW_BYTES_MAX) {
			throw connectionFault('FLOW_CONTROL_ERROR', 'the window of the connection grew too large');
		}
		this.#ready.push(...this.#starved);
		this.#starved = [];
	}

	/** The client takes more, or less, on one stream. Throws FLOW_CONTROL_ERROR of the stream. */
	widenStream(stream: ServerStream, bytes: number): void {
		stream.window += bytes;
		if (stream.window > WINDOW_BYTES_MAX) {
			throw new Http2Fault('FLOW_CONTROL_ERROR', stream.id, 'the window of a stream grew too large');
		}
		if (stream.queuedBytes > 0) this.add(stream);
	}

	/** Hands over what may leave until nothing does, or `take` answers false. */
	send(take: TakeOutput): void {
		// Who is told that its bytes have left may write more: the loop below sees to that too.
		if (this.#sending) return;
		this.#sending = true;
		for (let taken = true; taken && this.waiting; ) {
			if (this.#text !== '') {
				const text = this.#text;
				this.#text = '';
				taken = take(text, null);
			} else {
				taken = this.#turn(take);
			}
		}
		this.#sending = false;
	}

	#turn(take: TakeOutput): boolean {
		const stream = this.#ready.shift();
		if (stream === undefined) return true;
		stream.listed = false;
		if (!stream.responseOpen) return true;
		const room = Math.min(FRAME_BYTES_MAX, this.#window, stream.window);
		if (stream.queuedBytes > 0 && room <= 0) {
			if (stream.window <= 0) return true;
			stream.listed = true;
			this.#starved.push(stream);
			return true;
		}
		const part = stream.cut(room);
		const last = stream.ending && stream.queuedBytes === 0;
		if (part === null && !last) return true;
		const bytes = part?.length ?? 0;
		this.#window -= bytes;
		stream.window -= bytes;
		this.framesSent++;
		const taken = take(dataHead(stream.id, bytes, last), part);
		if (last) {
			this.#onSent(stream);
		} else {
			if (stream.queuedBytes > 0) this.add(stream);
			stream.drained();
		}
		return taken;
	}
}
