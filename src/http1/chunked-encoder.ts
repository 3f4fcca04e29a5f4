import { assert } from '../base/assert.ts';

/** The chunked coding around slices that are sent as they are (RFC 9112 section 7.1). Latin-1 text. */

/** What stands before a slice of `bytes` bytes (at least one): its size line, after the CR LF of the chunk before it. */
export function chunkPrefix(bytes: number, first: boolean): string {
	assert(bytes > 0, 'a chunk holds bytes: one of none would end the body');
	return `${first ? '' : '\r\n'}${bytes.toString(16)}\r\n`;
}

/** What ends the body after the last slice, or after none. */
export function chunkedEnd(empty: boolean): string {
	return empty ? '0\r\n\r\n' : '\r\n0\r\n\r\n';
}
