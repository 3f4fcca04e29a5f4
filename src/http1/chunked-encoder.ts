/** The chunked coding around slices that are sent as they are (RFC 9112 section 7.1). */

/** What stands before a slice of `bytes` bytes: its size line, and the CR LF that ends the chunk before it. */
export function chunkPrefix(bytes: number, first: boolean): Buffer {
	return Buffer.from(`${first ? '' : '\r\n'}${bytes.toString(16)}\r\n`, 'latin1');
}

/** What ends the body after the last slice, or after none. */
export function chunkedEnd(empty: boolean): Buffer {
	return empty ? END_EMPTY : END;
}

const END_EMPTY = Buffer.from('0\r\n\r\n', 'latin1');
const END = Buffer.from('\r\n0\r\n\r\n', 'latin1');
