/** The codes of RFC 9113 section 7. */
export const ERROR_CODES = {
	NO_ERROR: 0,
	PROTOCOL_ERROR: 1,
	INTERNAL_ERROR: 2,
	FLOW_CONTROL_ERROR: 3,
	SETTINGS_TIMEOUT: 4,
	STREAM_CLOSED: 5,
	FRAME_SIZE_ERROR: 6,
	REFUSED_STREAM: 7,
	CANCEL: 8,
	COMPRESSION_ERROR: 9,
	CONNECT_ERROR: 10,
	ENHANCE_YOUR_CALM: 11,
	INADEQUATE_SECURITY: 12,
	HTTP_1_1_REQUIRED: 13,
} as const;

export type Http2ErrorCode = keyof typeof ERROR_CODES;

/** What a peer did wrong. It costs one stream, or the whole connection where the two sides may differ on its state. */
export class Http2Fault extends Error {
	override readonly name = 'Http2Fault';
	readonly code: Http2ErrorCode;
	/** 0: the connection. */
	readonly streamId: number;

	constructor(code: Http2ErrorCode, streamId: number, message: string) {
		super(message);
		this.code = code;
		this.streamId = streamId;
	}
}

export function connectionFault(code: Http2ErrorCode, message: string): Http2Fault {
	return new Http2Fault(code, 0, message);
}
