/** Frames as Latin-1 text, one character a byte. DATA has only its head here: payloads are never copied into text. */
import { FLAG, FRAME, FRAME_BYTES_MAX, SETTING } from './frame-types.ts';
import { ERROR_CODES, type Http2ErrorCode } from './http2-fault.ts';

export function frameHead(bytes: number, type: number, flags: number, streamId: number): string {
	const length = String.fromCharCode((bytes >> 16) & 0xff, (bytes >> 8) & 0xff, bytes & 0xff, type, flags);
	return length + number32(streamId);
}

export function dataHead(streamId: number, bytes: number, last: boolean): string {
	return frameHead(bytes, FRAME.DATA, last ? FLAG.END_STREAM : 0, streamId);
}

/** A field block, in as many frames as it takes. */
export function headersText(streamId: number, block: string, last: boolean): string {
	const end = last ? FLAG.END_STREAM : 0;
	if (block.length <= FRAME_BYTES_MAX) {
		return frameHead(block.length, FRAME.HEADERS, end | FLAG.END_HEADERS, streamId) + block;
	}
	let text = frameHead(FRAME_BYTES_MAX, FRAME.HEADERS, end, streamId) + block.slice(0, FRAME_BYTES_MAX);
	for (let from = FRAME_BYTES_MAX; from < block.length; from += FRAME_BYTES_MAX) {
		const part = block.slice(from, from + FRAME_BYTES_MAX);
		const flags = from + FRAME_BYTES_MAX >= block.length ? FLAG.END_HEADERS : 0;
		text += frameHead(part.length, FRAME.CONTINUATION, flags, streamId) + part;
	}
	return text;
}

export function resetText(streamId: number, code: Http2ErrorCode): string {
	return frameHead(4, FRAME.RST_STREAM, 0, streamId) + number32(ERROR_CODES[code]);
}

/** `message` is for whoever looks at the client's log: ASCII. */
export function goAwayText(lastStreamId: number, code: Http2ErrorCode, message: string): string {
	const head = frameHead(8 + message.length, FRAME.GOAWAY, 0, 0);
	return head + number32(lastStreamId) + number32(ERROR_CODES[code]) + message;
}

export function windowUpdateText(streamId: number, bytes: number): string {
	return frameHead(4, FRAME.WINDOW_UPDATE, 0, streamId) + number32(bytes);
}

export function settingsText(settings: Partial<Record<keyof typeof SETTING, number>>): string {
	let payload = '';
	for (const [name, value] of Object.entries(settings)) {
		payload += String.fromCharCode(0, SETTING[name as keyof typeof SETTING]) + number32(value);
	}
	return frameHead(payload.length, FRAME.SETTINGS, 0, 0) + payload;
}

export const SETTINGS_ACK_TEXT = frameHead(0, FRAME.SETTINGS, FLAG.ACK, 0);

/** `payload` are the eight bytes that came. */
export function pingAckText(payload: string): string {
	return frameHead(8, FRAME.PING, FLAG.ACK, 0) + payload;
}

function number32(value: number): string {
	return String.fromCharCode((value >>> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
}
