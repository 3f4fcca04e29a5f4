/** A minimal ELF file, by the fields that a loader reads. */
import { Buffer } from 'node:buffer';

export interface ElfWish {
	/** e_machine: 62 is x86-64, 183 aarch64. */
	readonly machine?: number;
	readonly bits?: 32 | 64;
	readonly bigEndian?: boolean;
	readonly loader?: string | null;
	readonly needed?: readonly string[];
	/** Of the first library. */
	readonly versions?: readonly string[];
}

const BASE = 0x400000;

/** Everything in one segment that is loaded at BASE, tables behind the header. */
export function anElf(wish: ElfWish = {}): Buffer {
	const { machine = 62, bits = 64, bigEndian = false, loader = null, needed = [], versions = [] } = wish;
	const wide = bits === 64;
	const file = Buffer.alloc(8192);
	const half = (at: number, value: number) =>
		bigEndian ? file.writeUInt16BE(value, at) : file.writeUInt16LE(value, at);
	const word = (at: number, value: number) =>
		bigEndian ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at);
	const long = (at: number, value: number) => {
		if (!wide) word(at, value);
		else if (bigEndian) file.writeBigUInt64BE(BigInt(value), at);
		else file.writeBigUInt64LE(BigInt(value), at);
	};
	const unit = wide ? 8 : 4;
	const strings = 4096;
	let end = strings + 1;
	const text = (value: string): number => {
		const at = end;
		end += file.write(`${value}\0`, at, 'latin1');
		return at - strings;
	};

	const loaderAt = 3072;
	if (loader !== null) file.write(`${loader}\0`, loaderAt, 'latin1');
	const verneed = 2560;
	if (versions.length > 0) {
		half(verneed, 1);
		half(verneed + 2, versions.length);
		word(verneed + 4, text('libc.so.6'));
		word(verneed + 8, 16);
		for (const [index, version] of versions.entries()) {
			const at = verneed + 16 + index * 16;
			word(at + 8, text(version));
			word(at + 12, index === versions.length - 1 ? 0 : 16);
		}
	}
	const tags: Array<[number, number]> = needed.map((name) => [1, text(name)]);
	tags.push([5, BASE + strings]);
	if (versions.length > 0) tags.push([0x6ffffffe, BASE + verneed], [0x6fffffff, 1]);
	const dynamic = 1024;
	for (const [index, [tag, value]] of tags.entries()) {
		long(dynamic + index * 2 * unit, tag);
		long(dynamic + index * 2 * unit + unit, value);
	}

	const segments: Array<[type: number, offset: number, bytes: number]> = [[1, 0, file.length]];
	segments.push([2, dynamic, (tags.length + 1) * 2 * unit]);
	if (loader !== null) segments.push([3, loaderAt, loader.length + 1]);
	const table = 256;
	const size = wide ? 56 : 32;
	for (const [index, [type, offset, bytes]] of segments.entries()) {
		const at = table + index * size;
		word(at, type);
		long(at + (wide ? 8 : 4), offset);
		long(at + (wide ? 16 : 8), BASE + offset);
		long(at + (wide ? 32 : 16), bytes);
	}
	file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, bigEndian ? 2 : 1, 1]);
	half(16, 3);
	half(18, machine);
	long(wide ? 32 : 28, table);
	half(wide ? 54 : 42, size);
	half(wide ? 56 : 44, segments.length);
	return file;
}
