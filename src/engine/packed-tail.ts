/** How a packed file is told from any other: by its last bytes. Read at every start of httpfn, so nothing else is in here. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import process from 'node:process';

/** Begins the last 256 bytes of a packed file; layout: trailer.ts. */
export const TRAILER_MAGIC = '\x7fHTTPFN PACKED\r\n';
export const TRAILER_BYTES = 256;
/** A packed file takes the words after this one as httpfn itself would. */
export const PLAIN_WORD = '--httpfn';

/**
 * The path of the executable that runs, if functions are packed into it; null otherwise. On Linux it is that of the very file that was
 * started, whatever has taken its name since.
 */
export function ownPackage(): string | null {
	const file = process.platform === 'linux' ? '/proc/self/exe' : process.execPath;
	const packed = hasTrailer(file);
	if (packed !== null) return packed ? file : null;
	// Where /proc is not mounted.
	return hasTrailer(process.execPath) ? process.execPath : null;
}

/** False for what can not be read, too: who opens it says why. */
export function isPacked(file: string): boolean {
	return hasTrailer(file) === true;
}

/** Null for what can not be read. */
function hasTrailer(file: string): boolean | null {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const start = fstatSync(descriptor).size - TRAILER_BYTES;
			const magic = Buffer.alloc(TRAILER_MAGIC.length);
			if (start < 0 || readSync(descriptor, magic, 0, magic.length, start) < magic.length) return false;
			return magic.toString('latin1') === TRAILER_MAGIC;
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return null;
	}
}
