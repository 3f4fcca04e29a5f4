/** A zip written byte by byte, with whatever is wrong with it on purpose (APPNOTE 4.3). */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
	readonly name: string;
	readonly bytes?: Uint8Array;
	readonly crc?: number;
	/** What the headers say of the size, instead of the truth. */
	readonly claimedBytes?: number;
	readonly method?: number;
	/** Unix mode, type and all. */
	readonly mode?: number;
	/** General purpose flags; bit 0: encrypted. */
	readonly flags?: number;
	/** The name in the local header, where it differs. */
	readonly localName?: string;
}

const UTF8 = 0x800;
const UNIX = 3;

export function rawZip(entries: readonly RawEntry[]): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const entry of entries) {
		const bytes = Buffer.from(entry.bytes ?? Buffer.from('true\n'));
		const method = entry.method ?? 8;
		const packed = method === 8 ? deflateRawSync(bytes) : bytes;
		const fields = {
			flags: (entry.flags ?? 0) | UTF8,
			method,
			crc: entry.crc ?? crc32(bytes),
			packed: packed.length,
			bytes: entry.claimedBytes ?? bytes.length,
		};
		const local = Buffer.concat([localHeader(entry.localName ?? entry.name, fields), packed]);
		directory.push(centralHeader(entry.name, fields, entry.mode ?? 0o100644, offset));
		parts.push(local);
		offset += local.length;
	}
	const central = Buffer.concat(directory);
	return Buffer.concat([...parts, central, endRecord(entries.length, central.length, offset)]);
}

interface Fields {
	readonly flags: number;
	readonly method: number;
	readonly crc: number;
	readonly packed: number;
	readonly bytes: number;
}

/** From the version to the lengths: the same in both headers. */
function common({ flags, method, crc, packed, bytes }: Fields, nameBytes: number): Buffer {
	const buffer = Buffer.alloc(26);
	buffer.writeUInt16LE(20, 0);
	buffer.writeUInt16LE(flags, 2);
	buffer.writeUInt16LE(method, 4);
	buffer.writeUInt16LE(0x21, 8);
	buffer.writeUInt32LE(crc, 10);
	buffer.writeUInt32LE(packed, 14);
	buffer.writeUInt32LE(bytes, 18);
	buffer.writeUInt16LE(nameBytes, 22);
	return buffer;
}

function localHeader(name: string, fields: Fields): Buffer {
	const text = Buffer.from(name, 'utf8');
	return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common(fields, text.length), text]);
}

function centralHeader(name: string, fields: Fields, mode: number, offset: number): Buffer {
	const text = Buffer.from(name, 'utf8');
	const rest = Buffer.alloc(14);
	rest.writeUInt32LE((mode << 16) >>> 0, 6);
	rest.writeUInt32LE(offset, 10);
	const head = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, UNIX])]);
	return Buffer.concat([head, common(fields, text.length), rest, text]);
}

function endRecord(count: number, centralBytes: number, offset: number): Buffer {
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 0, 'latin1');
	end.writeUInt16LE(count, 8);
	end.writeUInt16LE(count, 10);
	end.writeUInt32LE(centralBytes, 12);
	end.writeUInt32LE(offset, 16);
	return end;
}
