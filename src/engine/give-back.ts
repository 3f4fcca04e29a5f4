import { Buffer } from 'node:buffer';

/**
 * Frees the memory of bytes that nobody reads any more, now: garbage collectors look at how many objects there are before
 * they look at how large these are, and let tens of megabytes of read and written pieces wait. What is given back has
 * length 0 then. Bytes that share their memory with others are left to the collector, unless the caller knows that nobody reads
 * those others either (`withRest`); so are short ones, and those of the pool of Buffer, which anybody may share.
 */
export function giveBack(bytes: Uint8Array, withRest = false): void {
	const { buffer } = bytes;
	if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < WORTHWHILE_BYTES) return;
	if (bytes.byteLength === buffer.byteLength || (withRest && !isPool(buffer))) buffer.transfer(0);
}

const WORTHWHILE_BYTES = 16 * 1024;
/** What an engine adds to the size of the pool, so that its parts begin at whole words (observed: 64). */
const POOL_ROUNDING_BYTES = 1024;

function isPool({ byteLength }: ArrayBuffer): boolean {
	return byteLength >= Buffer.poolSize && byteLength <= Buffer.poolSize + POOL_ROUNDING_BYTES;
}
