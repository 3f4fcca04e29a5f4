/** Reads field blocks (RFC 7541). One decoder a connection, because each block may refer to what earlier ones said. */
import type { Buffer } from 'node:buffer';
import { DynamicTable, ENTRY_OVERHEAD_BYTES } from './dynamic-table.ts';
import { HpackReader } from './hpack-integer.ts';
import { connectionFault } from './http2-fault.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_NAMES, STATIC_VALUES } from './static-table.ts';

export interface DecodedFields {
	/** Name, value, name, value …, as Latin-1 text; up to the limit. */
	readonly pairs: readonly string[];
	/** True: together they are larger than the limit. The rest was read for the table's sake and dropped. */
	readonly tooLarge: boolean;
}

const STATIC_LENGTH = STATIC_NAMES.length;

export class HpackDecoder {
	readonly #table: DynamicTable;
	readonly #tableBytesMax: number;

	/** `tableBytesMax` is what SETTINGS_HEADER_TABLE_SIZE tells the peer. */
	constructor(tableBytesMax: number) {
		this.#tableBytesMax = tableBytesMax;
		this.#table = new DynamicTable(tableBytesMax);
	}

	/**
	 * `listBytesMax` bounds names and values with 32 bytes for each field (RFC 9113 section 6.5.2): a block of 1 KiB can refer to
	 * 4 MiB. Throws COMPRESSION_ERROR, after which the decoder is of no use.
	 */
	decode(block: Buffer, listBytesMax: number): DecodedFields {
		const reader = new HpackReader(block);
		const pairs: string[] = [];
		let listBytes = 0;
		let resizable = true;
		while (!reader.ended) {
			const first = block[reader.at] ?? 0;
			if (first >> 5 === 0b001) {
				if (!resizable) throw broken('the size of the table changes after a field');
				this.#resize(reader.integer(5));
				continue;
			}
			resizable = false;
			let name: string;
			let value: string;
			if (first >= 0x80) {
				const index = reader.integer(7);
				name = this.#name(index);
				value =
					index <= STATIC_LENGTH
						? (STATIC_VALUES[index - 1] ?? '')
						: this.#table.value(index - STATIC_LENGTH - 1);
			} else {
				const indexed = first >= 0x40;
				const index = reader.integer(indexed ? 6 : 4);
				name = index === 0 ? readText(reader) : this.#name(index);
				value = readText(reader);
				if (indexed) this.#table.add(name, value);
			}
			listBytes += name.length + value.length + ENTRY_OVERHEAD_BYTES;
			if (listBytes <= listBytesMax) pairs.push(name, value);
		}
		return { pairs, tooLarge: listBytes > listBytesMax };
	}

	#name(index: number): string {
		const name =
			index <= STATIC_LENGTH ? STATIC_NAMES[index - 1] : this.#table.name(index - STATIC_LENGTH - 1);
		if (name === undefined) throw broken(`there is no field ${index} to refer to`);
		return name;
	}

	#resize(bytes: number): void {
		if (bytes > this.#tableBytesMax) {
			throw broken(`the table would have ${bytes} bytes, at most ${this.#tableBytesMax} are allowed`);
		}
		this.#table.resize(bytes);
	}
}

function readText(reader: HpackReader): string {
	const { block } = reader;
	const huffman = ((block[reader.at] ?? 0) & 0x80) !== 0;
	const length = reader.integer(7);
	const from = reader.at;
	reader.at += length;
	if (reader.at > block.length) throw broken('a field block ends in the middle of a text');
	return huffman ? decodeHuffman(block, from, reader.at) : block.toString('latin1', from, reader.at);
}

function broken(message: string): Error {
	return connectionFault('COMPRESSION_ERROR', message);
}
