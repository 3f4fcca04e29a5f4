/** An HTTP/2 session without a connection: frames go in as text, and what it sends is read back. */
import { frameHead, headersText, settingsText } from '../../src/http2/frame-text.ts';
import { CLIENT_PREFACE, FRAME } from '../../src/http2/frame-types.ts';
import { HpackDecoder } from '../../src/http2/hpack-decoder.ts';
import { encodeField } from '../../src/http2/hpack-encoder.ts';
import { ERROR_CODES, type Http2ErrorCode, type Http2Fault } from '../../src/http2/http2-fault.ts';
import { ServerSession } from '../../src/http2/server-session.ts';
import type { ServerStream, StreamHandler } from '../../src/http2/server-stream.ts';
import type { SessionHandler, SessionLimits } from '../../src/http2/session-handler.ts';

export interface SentFrame {
	readonly type: keyof typeof FRAME;
	readonly flags: number;
	readonly streamId: number;
	readonly payload: Buffer;
	/** Of RST_STREAM and GOAWAY. */
	readonly code: Http2ErrorCode | null;
}

/** A request that the session told of. */
export class BedRequest implements StreamHandler {
	readonly stream: ServerStream;
	readonly text: string | null;
	body = '';
	/** What became of it, in order. */
	readonly events: string[] = [];
	/** Gives back at once what it gets. */
	takes = true;

	constructor(stream: ServerStream, text: string | null, ends: boolean) {
		this.stream = stream;
		this.text = text;
		if (ends) this.events.push('end');
	}

	onData(slice: Buffer): void {
		this.body += slice.toString('latin1');
		if (this.takes) this.stream.done(slice.length);
	}

	onEnd(): void {
		this.events.push('end');
	}

	onReset(): void {
		this.events.push('reset');
	}

	onDrain(): void {
		this.events.push('drain');
	}

	onSent(): void {
		this.events.push('sent');
	}
}

const NAMES = Object.keys(FRAME) as (keyof typeof FRAME)[];
const CODES = Object.keys(ERROR_CODES) as Http2ErrorCode[];
export const SESSION_LIMITS: SessionLimits = {
	streamsMax: 128,
	headBytesMax: 163_840,
	headsBytesMax: 1 << 20,
	streamWindowBytes: 131_072,
};

export class SessionBed implements SessionHandler {
	readonly session: ServerSession;
	readonly requests: BedRequest[] = [];
	readonly refused: Http2Fault[] = [];
	fault: Http2Fault | null = null;
	/** How many writes the output takes before it says that it is full. */
	room = Number.POSITIVE_INFINITY;
	readonly #decoder = new HpackDecoder(4096);

	constructor(limits: Partial<SessionLimits> = {}) {
		this.session = new ServerSession({ ...SESSION_LIMITS, ...limits }, this);
	}

	/** A session whose client has said hello; what was sent for that is left out. */
	static settled(
		settings: Parameters<typeof settingsText>[0] = {},
		limits: Partial<SessionLimits> = {},
	): SessionBed {
		const bed = new SessionBed(limits);
		bed.send(CLIENT_PREFACE + settingsText(settings));
		bed.sent();
		return bed;
	}

	send(text: string): void {
		this.session.receive(Buffer.from(text, 'latin1'));
	}

	/** A request, and the one the session made of it. */
	ask(streamId: number, ends = true, extra: Readonly<Record<string, string>> = {}): BedRequest {
		this.send(headersText(streamId, requestBlock(extra), ends));
		const request = this.requests.at(-1);
		if (request === undefined) throw new Error(`no request came; ${this.fault ?? this.refused.at(-1)}`);
		return request;
	}

	/** What the session sends now. */
	sent(): SentFrame[] {
		let bytes = Buffer.alloc(0);
		this.session.send((text, slice) => {
			bytes = Buffer.concat([bytes, Buffer.from(text, 'latin1'), slice ?? Buffer.alloc(0)]);
			return --this.room > 0;
		});
		return framesOf(bytes);
	}

	/** The codes of what it resets, or says goodbye with. */
	codes(): (Http2ErrorCode | null)[] {
		return this.sent()
			.filter(({ type }) => type === 'RST_STREAM' || type === 'GOAWAY')
			.map(({ code }) => code);
	}

	fieldsOf(frame: SentFrame): readonly string[] {
		return this.#decoder.decode(frame.payload, 1 << 20).pairs;
	}

	onRequest(stream: ServerStream, text: string | null, ends: boolean): StreamHandler {
		const request = new BedRequest(stream, text, ends);
		this.requests.push(request);
		return request;
	}

	onRefused(fault: Http2Fault): void {
		this.refused.push(fault);
	}

	onOutput(): void {}

	onStreamClosed(): void {}

	onFault(fault: Http2Fault): void {
		this.fault = fault;
	}
}

export function requestBlock(extra: Readonly<Record<string, string>> = {}): string {
	const fields = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'a', ...extra };
	return Object.entries(fields)
		.map(([name, value]) => encodeField(name, value))
		.join('');
}

export function frame(type: keyof typeof FRAME, flags: number, streamId: number, payload = ''): string {
	return frameHead(payload.length, FRAME[type], flags, streamId) + payload;
}

export function framesOf(bytes: Buffer): SentFrame[] {
	const frames: SentFrame[] = [];
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.readUIntBE(at, 3);
		const type = NAMES[bytes[at + 3] ?? -1];
		if (type === undefined) throw new Error(`a frame of type ${bytes[at + 3]} was sent`);
		const payload = bytes.subarray(at + 9, at + 9 + length);
		if (payload.length < length) throw new Error('part of a frame was sent');
		const codeAt = type === 'RST_STREAM' ? 0 : type === 'GOAWAY' ? 4 : -1;
		const code = codeAt < 0 ? null : (CODES[payload.readUInt32BE(codeAt)] ?? null);
		const streamId = bytes.readUInt32BE(at + 5);
		frames.push({ type, flags: bytes[at + 4] ?? 0, streamId, payload, code });
		at += 9 + length;
	}
	return frames;
}
