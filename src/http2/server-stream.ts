/**
 * One request and its response on a connection. The session reads for it; whoever answers writes here.
 *
 * Both sides end on their own: `requestOpen` until the client has sent its last byte, `responseOpen` until ours has left. When
 * ours leaves first, the client is told to stop (RFC 9113 section 8.1).
 */
import type { Buffer } from 'node:buffer';
import type { Http2ErrorCode } from './http2-fault.ts';
import { ReceiveWindow } from './receive-window.ts';

export interface StreamHandler {
	/** Bytes of the body; each has to be given back with `done`. */
	onData(slice: Buffer): void;
	/** The request is whole. */
	onEnd(): void;
	/** The client gave it up, or broke it. Nothing comes or goes any more. */
	onReset(): void;
	/** The client has read; comes after a write that answered false. */
	onDrain(): void;
	/** All of the response has left. Nothing comes any more. */
	onSent(): void;
}

/** What a stream needs of its connection. */
export interface StreamOwner {
	sendHeaders(stream: ServerStream, block: string, last: boolean): void;
	/** There is something to send. */
	ready(stream: ServerStream): void;
	giveBack(stream: ServerStream, bytes: number): void;
	reset(stream: ServerStream, code: Http2ErrorCode): void;
}

/** Bytes that may wait on a stream before its writer is told to wait. */
const QUEUED_BYTES_MAX = 64 * 1024;
/** What is left when the writer may go on: enough that the connection has something to send meanwhile. */
const QUEUED_BYTES_LOW = 16 * 1024;

const NOBODY: StreamHandler = { onData() {}, onEnd() {}, onReset() {}, onDrain() {}, onSent() {} };

export class ServerStream {
	readonly id: number;
	handler: StreamHandler = NOBODY;
	/** Of what the client may send. */
	readonly received: ReceiveWindow;
	/** What the client takes; below 0 where it made its windows smaller. */
	window: number;
	requestOpen = true;
	responseOpen = true;
	/** Bytes that were handed over and not given back. */
	owedBytes = 0;
	/** Of its request's head, as HTTP/1.1 text. */
	headBytes = 0;
	/** True while it stands in line to send. */
	listed = false;
	/** Bytes of the body that have left. */
	sentBytes = 0;
	queuedBytes = 0;
	#slices: Buffer[] = [];
	#ending = false;
	#drainWanted = false;
	readonly #owner: StreamOwner;

	constructor(id: number, owner: StreamOwner, windows: { receiveBytes: number; sendBytes: number }) {
		this.id = id;
		this.#owner = owner;
		this.received = new ReceiveWindow(windows.receiveBytes, windows.receiveBytes / 2);
		this.window = windows.sendBytes;
	}

	get closed(): boolean {
		return !this.requestOpen && !this.responseOpen;
	}

	/** True where nothing is left but to say that it ends. */
	get ending(): boolean {
		return this.#ending;
	}

	/** True from a write that answered false until onDrain. */
	get full(): boolean {
		return this.#drainWanted;
	}

	/** A field block, of an interim response or the final one. `last`: no body follows. */
	headers(block: string, last: boolean): void {
		if (this.responseOpen) this.#owner.sendHeaders(this, block, last);
	}

	/** Queues bytes; the caller must not change them afterwards. False: wait for onDrain. */
	write(slice: Buffer): boolean {
		if (!this.responseOpen || slice.length === 0) return true;
		this.#slices.push(slice);
		this.queuedBytes += slice.length;
		this.#owner.ready(this);
		if (this.queuedBytes < QUEUED_BYTES_MAX) return true;
		this.#drainWanted = true;
		return false;
	}

	end(): void {
		if (!this.responseOpen || this.#ending) return;
		this.#ending = true;
		this.#owner.ready(this);
	}

	/** Gives it up. The handler hears nothing more. Twice is harmless. */
	reset(code: Http2ErrorCode): void {
		if (!this.closed) this.#owner.reset(this, code);
	}

	/** The client may send as many bytes more. */
	done(bytes: number): void {
		this.#owner.giveBack(this, bytes);
	}

	/** The next bytes to send, `bytesMax` at most; null: there are none. */
	cut(bytesMax: number): Buffer | null {
		const slice = this.#slices[0];
		if (slice === undefined) return null;
		const part = slice.length <= bytesMax ? slice : slice.subarray(0, bytesMax);
		if (part === slice) this.#slices.shift();
		else this.#slices[0] = slice.subarray(bytesMax);
		this.queuedBytes -= part.length;
		this.sentBytes += part.length;
		return part;
	}

	/** Called when bytes have left. */
	drained(): void {
		if (!this.#drainWanted || this.queuedBytes > QUEUED_BYTES_LOW) return;
		this.#drainWanted = false;
		this.handler.onDrain();
	}

	/** Both sides are over, whatever was queued. */
	close(): void {
		this.requestOpen = false;
		this.responseOpen = false;
		this.#slices = [];
		this.queuedBytes = 0;
		this.#drainWanted = false;
	}
}
