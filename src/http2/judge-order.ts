/** What may come when, whatever it is (RFC 9113 sections 3.4, 5.1 and 6). */
import type { FrameHead } from './frame-reader.ts';
import { FRAME } from './frame-types.ts';
import { connectionFault } from './http2-fault.ts';

export interface FrameOrder {
	/** The first SETTINGS have come. */
	readonly settled: boolean;
	/** The stream whose field block is not whole yet, or 0. */
	readonly openBlock: number;
	/** The highest stream that the client opened. */
	readonly lastId: number;
}

const OF_STREAMS: ReadonlySet<number> = new Set([
	FRAME.DATA,
	FRAME.HEADERS,
	FRAME.RST_STREAM,
	FRAME.PRIORITY,
]);
const OF_CONNECTION: ReadonlySet<number> = new Set([FRAME.SETTINGS, FRAME.PING, FRAME.GOAWAY]);
const OF_OPEN_STREAMS: ReadonlySet<number> = new Set([FRAME.DATA, FRAME.RST_STREAM, FRAME.WINDOW_UPDATE]);

/** Throws PROTOCOL_ERROR of the connection. */
export function judgeOrder({ type, streamId }: FrameHead, { settled, openBlock, lastId }: FrameOrder): void {
	if (openBlock !== 0 && (type !== FRAME.CONTINUATION || streamId !== openBlock)) {
		throw connectionFault('PROTOCOL_ERROR', 'a frame came in the middle of a field block');
	}
	if (!settled && type !== FRAME.SETTINGS) {
		throw connectionFault('PROTOCOL_ERROR', 'the first frame is not SETTINGS');
	}
	if (streamId === 0 ? OF_STREAMS.has(type) : OF_CONNECTION.has(type)) {
		throw connectionFault('PROTOCOL_ERROR', 'a frame is on a stream where it has no place');
	}
	const neverOpened = streamId > lastId || (streamId !== 0 && streamId % 2 === 0);
	if (neverOpened && OF_OPEN_STREAMS.has(type)) {
		throw connectionFault('PROTOCOL_ERROR', 'a frame is on a stream that nobody opened');
	}
	if (type === FRAME.HEADERS && streamId % 2 === 0) {
		throw connectionFault('PROTOCOL_ERROR', 'a client opens a stream with an even number');
	}
}
