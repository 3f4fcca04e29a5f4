/** What a session needs to know, and whom it tells. */
import type { Http2Fault } from './http2-fault.ts';
import type { ServerStream, StreamHandler } from './server-stream.ts';

export interface SessionLimits {
	/** Requests at once. */
	readonly streamsMax: number;
	/** Names and values of one request, with 32 bytes for each field; also what a field block may have as it is sent. */
	readonly headBytesMax: number;
	/** Heads of all requests under way: a few bytes that refer to earlier fields can stand for a head of any size. */
	readonly headsBytesMax: number;
	/** What a client may send on one stream before any of it is given back. */
	readonly streamWindowBytes: number;
}

export interface SessionHandler {
	/** `text` is the head as HTTP/1.1 has it, or null where it is larger than the limit. `ends`: no body follows. */
	onRequest(stream: ServerStream, text: string | null, ends: boolean): StreamHandler;
	/** A request was refused before anybody took it: its client is told no more than the code. */
	onRefused(fault: Http2Fault): void;
	/** There is something to send. */
	onOutput(): void;
	onStreamClosed(): void;
	/** The connection is over: GOAWAY is the last that it sends. All streams are reset. */
	onFault(fault: Http2Fault): void;
}
