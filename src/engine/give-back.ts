/**
 * Frees the memory of bytes that nobody reads any more, now: garbage collectors look at how many objects there are before
 * they look at how large these are, and let tens of megabytes of read and written pieces wait. What is given back has
 * length 0 then. Bytes that share their memory with others are left to the collector, unless the caller knows that nobody reads
 * those others either (`withRest`); so are small ones, which may be of a pool.
 */
export function giveBack(bytes: Uint8Array, withRest = false): void {
	const { buffer } = bytes;
	if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < WORTHWHILE_BYTES) return;
	if (withRest || bytes.byteLength === buffer.byteLength) buffer.transfer(0);
}

/** Twice the size of the pool of Buffer, in every engine. */
const WORTHWHILE_BYTES = 16 * 1024;
