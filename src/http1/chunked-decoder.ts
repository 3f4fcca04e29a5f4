/**
 * Takes the chunked coding off a body (RFC 9112 section 7.1): data leaves as parts of the buffers
 * that came in. Extensions and trailers are checked and dropped.
 *
 *     size → extension* → size-lf → data → data-cr → data-lf → size …
 *                          └ (size 0) → trailer line* → done
 */
import { isChunkExtension } from './chunk-extension.ts';
import type { FieldVisitor } from './field-scan.ts';
import { FieldFilter, scanFields } from './field-scan.ts';
import { HOP_BY_HOP } from './framing-fields.ts';
import { partOf } from './part-of.ts';
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
const SEMICOLON = 0x3b;
const HEX = hexTable();

export class ChunkedDecoder {
	done = false;
	#state: State = 'size';
	#size = 0;
	#digits = 0;
	#extensionBytes = 0;
	#extension = '';
	#trailerBytes = 0;
	#trailerLine = '';

	/** Reads from `from`; answers the index after the last byte that belongs to the body. Throws a ProtocolFault. */
	read(bytes: Buffer, from: number, sink: BodySink): number {
		let at = from;
		while (at < bytes.length && !this.done) {
			if (this.#state === 'data') {
				const end = Math.min(bytes.length, at + this.#size);
				sink(partOf(bytes, at, end));
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
				this.#stepExtension(byte);
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
		else if (byte === SEMICOLON) {
			this.#state = 'extension';
			this.#stepExtension(byte);
		} else throw malformed('a chunk size is followed by neither ";" nor CR LF');
	}

	#stepExtension(byte: number): void {
		if (byte !== CR) {
			if (++this.#extensionBytes > EXTENSION_BYTES_MAX) throw malformed('chunk extensions are too long');
			this.#extension += String.fromCharCode(byte);
			return;
		}
		if (!isChunkExtension(this.#extension))
			throw malformed('a chunk extension is not a name, or a name and value');
		this.#extension = '';
		this.#state = 'size-lf';
	}

	#stepTrailer(byte: number): void {
		if (++this.#trailerBytes > TRAILER_BYTES_MAX) {
			throw new ProtocolFault('head-too-large', `the trailer is longer than ${TRAILER_BYTES_MAX} bytes`);
		}
		this.#trailerLine += String.fromCharCode(byte);
		if (byte !== LF) return;
		if (this.#trailerLine === '\r\n') this.done = true;
		else scanFields(this.#trailerLine, 0, TRAILER_LINE_LIMITS, TRAILER_FIELDS);
		this.#trailerLine = '';
	}
}

const TRAILER_LINE_LIMITS = { lineBytesMax: TRAILER_BYTES_MAX, countMax: 1 };
const BARRED_FROM_TRAILER = new Set([...HOP_BY_HOP, 'host']);

/**
 * Framing, routing and connection control come too late here (RFC 9110 section 6.5.1), and some parsers heed them
 * all the same.
 */
const TRAILER_FIELDS: FieldVisitor = {
	filter: new FieldFilter([...BARRED_FROM_TRAILER], []),
	field: (lowerName) => {
		if (BARRED_FROM_TRAILER.has(lowerName)) throw malformed(`a trailer holds ${lowerName}`);
		return 'drop';
	},
};

function hexTable(): Int8Array {
	const table = new Int8Array(256).fill(-1);
	for (let digit = 0; digit < 16; digit++) {
		const text = digit.toString(16);
		table[text.charCodeAt(0)] = digit;
		table[text.toUpperCase().charCodeAt(0)] = digit;
	}
	return table;
}
