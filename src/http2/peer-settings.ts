/** What of a peer's SETTINGS steers what we send (RFC 9113 section 6.5.2). We push nothing, keep no table and send small frames. */
import type { Buffer } from 'node:buffer';
import { SETTING, WINDOW_BYTES_MAX } from './frame-types.ts';
import { connectionFault } from './http2-fault.ts';

const MAX_FRAME_SIZE_MIN = 2 ** 14;
const MAX_FRAME_SIZE_MAX = 2 ** 24 - 1;

/** The window of each stream where the payload sets it, or null. Throws a fault of the connection. */
export function readSettings(payload: Buffer): number | null {
	if (payload.length % 6 !== 0) throw connectionFault('FRAME_SIZE_ERROR', 'SETTINGS has part of a setting');
	let windowBytes: number | null = null;
	for (let at = 0; at < payload.length; at += 6) {
		const value = payload.readUInt32BE(at + 2);
		switch (payload.readUInt16BE(at)) {
			case SETTING.ENABLE_PUSH:
				if (value > 1) throw connectionFault('PROTOCOL_ERROR', 'ENABLE_PUSH is neither 0 nor 1');
				break;
			case SETTING.INITIAL_WINDOW_SIZE:
				if (value > WINDOW_BYTES_MAX) {
					throw connectionFault('FLOW_CONTROL_ERROR', 'INITIAL_WINDOW_SIZE is larger than any window');
				}
				windowBytes = value;
				break;
			case SETTING.MAX_FRAME_SIZE:
				if (value < MAX_FRAME_SIZE_MIN || value > MAX_FRAME_SIZE_MAX) {
					throw connectionFault('PROTOCOL_ERROR', 'MAX_FRAME_SIZE is out of its range');
				}
				break;
		}
	}
	return windowBytes;
}
