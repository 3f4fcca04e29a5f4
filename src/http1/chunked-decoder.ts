/**
 * Takes the chunked coding off a body (RFC 9112 section 7.1) without copying: data leaves as slices of the very
 * buffers that came in. Extensions and trailers are checked and dropped.
 *
 *     size → extension* → size-lf → data → data-cr → data-lf → size …
 *                          └ (size 0) → trailer line* → done
 */
import { FIELD_VALUE } from './character-class.ts';
import { FieldFilter, scanFields } from './field-scan.ts';
import { malformed, ProtocolFault } from './protocol-fault.ts';

/** Gets each slice of data; it belongs to the receiver. */
export type BodySink = (slice: Buffer) => void;

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer';

/** Sizes of up to 2^40 fit; a chunk that long has been refused for its size before. */
const SIZE_DIGITS_MAX = 10;
/** Bytes of extensions in one body: they carry nothing, so a peer that sends more is up to no good. */
const EXTENSION_BYTES_MAX = 4096;
const TRAILER_BYTES_MAX = 8192;

const CR = 0x0d;
const LF = 0x0a;
const HEX = hexTable();

export class ChunkedDecoder {
	done = false;
	#state: State = 'size';
	#size = 0;
	#digits = 0;
	#extensionBytes = 0;
	#trailer = '';

	/** Reads from `from`; answers the index after the last byte that belongs to the body. Throws a ProtocolFault. */
	read(bytes: Buffer, from: number, sink: BodySink): number {
		let at = from;
		while (at < bytes.length && !this.done) {
			if (this.#state === 'data') {
				const end = Math.min(bytes.length, at + this.#size);
				sink(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
				this.#size -= end - at;
				at = end;
				if (this.#size === 0) this.#state = 'data-cr';
			} else {
				this.#step(bytes[at] ?? 0);
				at++;
			}
		}
		return at;
	}

	#step(byte: number): void {
		switch (this.#state) {
			case 'size':
				this.#stepSize(byte);
				break;
			case 'extension':
				if (byte === CR) this.#state = 'size-lf';
				else if (FIELD_VALUE[byte] !== 1) throw malformed('a chunk extension holds a control byte');
				else if (++this.#extensionBytes > EXTENSION_BYTES_MAX)
					throw malformed('chunk extensions are too long');
				break;
			case 'size-lf':
				if (byte !== LF) throw malformed('a chunk size line does not end in CR LF');
				this.#state = this.#size === 0 ? 'trailer' : 'data';
				break;
			case 'data-cr':
				if (byte !== CR) throw malformed('chunk data is longer than its size');
				this.#state = 'data-lf';
				break;
			case 'data-lf':
				if (byte !== LF) throw malformed('chunk data does not end in CR LF');
				this.#state = 'size';
				this.#digits = 0;
				break;
			case 'trailer':
				this.#stepTrailer(byte);
				break;
			case 'data':
				break;
			default:
				this.#state satisfies never;
		}
	}

	#stepSize(byte: number): void {
		const digit = HEX[byte] ?? -1;
		if (digit >= 0) {
			if (++this.#digits > SIZE_DIGITS_MAX) throw malformed('a chunk size has too many digits');
			this.#size = this.#size * 16 + digit;
			return;
		}
		if (this.#digits === 0) throw malformed('a chunk size is not a hexadecimal number');
		// White space before ";" or CR is "bad" white space (RFC 9112 section 7.1.1): parsers differ, so it is refused.
		if (byte === CR) this.#state = 'size-lf';
		else if (byte === 0x3b) this.#state = 'extension';
		else throw malformed('a chunk size is followed by neither ";" nor CR LF');
	}

	#stepTrailer(byte: number): void {
		this.#trailer += String.fromCharCode(byte);
		if (this.#trailer.length > TRAILER_BYTES_MAX) {
			throw new ProtocolFault('head-too-large', `the trailer is longer than ${TRAILER_BYTES_MAX} bytes`);
		}
		if (this.#trailer !== '\r\n' && !this.#trailer.endsWith('\r\n\r\n')) return;
		scanFields(this.#trailer.slice(0, -2), 0, TRAILER_LIMITS, IGNORE_FIELDS);
		this.done = true;
	}
}

const TRAILER_LIMITS = { lineBytesMax: TRAILER_BYTES_MAX, countMax: 64 };
const IGNORE_FIELDS = { filter: new FieldFilter([], []), field: () => 'drop' as const };

function hexTable(): Int8Array {
	const table = new Int8Array(256).fill(-1);
	for (let digit = 0; digit < 16; digit++) {
		const text = digit.toString(16);
		table[text.charCodeAt(0)] = digit;
		table[text.toUpperCase().charCodeAt(0)] = digit;
	}
	return table;
}
