/** Frames of RFC 9113 section 6, by number; what is not listed is ignored (section 4.1). */
export const FRAME = {
	DATA: 0,
	HEADERS: 1,
	PRIORITY: 2,
	RST_STREAM: 3,
	SETTINGS: 4,
	PUSH_PROMISE: 5,
	PING: 6,
	GOAWAY: 7,
	WINDOW_UPDATE: 8,
	CONTINUATION: 9,
} as const;

export const FLAG = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const SETTING = {
	HEADER_TABLE_SIZE: 1,
	ENABLE_PUSH: 2,
	MAX_CONCURRENT_STREAMS: 3,
	INITIAL_WINDOW_SIZE: 4,
	MAX_FRAME_SIZE: 5,
	MAX_HEADER_LIST_SIZE: 6,
} as const;

export const FRAME_HEAD_BYTES = 9;
/** What every peer takes, and all that we take: larger frames save nothing and make others wait. */
export const FRAME_BYTES_MAX = 16_384;
/** 31 bits. */
export const STREAM_ID_MAX = 0x7fff_ffff;
/** Of each window before anybody says otherwise. */
export const WINDOW_BYTES_DEFAULT = 65_535;
export const WINDOW_BYTES_MAX = 0x7fff_ffff;

/** What a client sends first. */
export const CLIENT_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
