/**
 * What an ELF file says of where it can run: its machine, its loader, the libraries and versions of symbols that it needs. By the
 * segments that a loader reads, so that stripped files tell as much. Nothing in a file is trusted: what points out of it, or is larger
 * than it can be, makes it one that says nothing.
 */
import { Buffer } from 'node:buffer';
import { readSync } from 'node:fs';

export interface ElfFile {
	/** By the names of `uname -m`; `machine 0x…` for others. */
	readonly machine: string;
	readonly bits: 32 | 64;
	/** Path of the program that loads it; null: it needs none, or is a library. */
	readonly loader: string | null;
	/** Libraries that it asks for, by name. */
	readonly needed: readonly string[];
	/** Versions of symbols that it asks for: `GLIBC_2.34`. */
	readonly versions: readonly string[];
}

/** Answers so many bytes from there, or as many as the file has. */
export type ReadBytes = (offset: number, bytes: number) => Buffer;

const MACHINES: Readonly<Record<number, string>> = {
	3: 'i386',
	8: 'mips',
	20: 'ppc',
	21: 'ppc64',
	22: 's390x',
	40: 'arm',
	62: 'x86_64',
	183: 'aarch64',
	243: 'riscv64',
	258: 'loongarch64',
};
const [LOAD, DYNAMIC, INTERP] = [1, 2, 3];
const TAGS = { needed: 1, strings: 5, versions: 0x6ffffffe, versionCount: 0x6fffffff };

/** Beyond what any linker makes. */
const SEGMENTS_MAX = 512;
const DYNAMIC_BYTES_MAX = 1024 * 1024;
const ENTRIES_MAX = 4096;
const TEXT_BYTES_MAX = 4096;
const IDENT_BYTES = 20;

interface Segment {
	readonly type: number;
	readonly offset: number;
	readonly address: number;
	readonly bytes: number;
}

/** Null: it is none, or one that is broken. */
export function readElf(read: ReadBytes): ElfFile | null {
	const ident = read(0, IDENT_BYTES);
	if (ident.length < IDENT_BYTES || ident.readUInt32BE(0) !== 0x7f454c46) return null;
	const [wide, little] = [ident[4] === 2, ident[5] === 1];
	if ((ident[4] !== 1 && !wide) || (ident[5] !== 2 && !little)) return null;
	return new ElfReader(read, wide, little).file();
}

/** Of an open file. Throws the system's error. */
export function readElfFile(descriptor: number): ElfFile | null {
	return readElf((offset, bytes) => {
		if (!Number.isSafeInteger(offset)) return Buffer.alloc(0);
		const buffer = Buffer.alloc(bytes);
		return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, offset));
	});
}

class ElfReader {
	readonly #read: ReadBytes;
	readonly #wide: boolean;
	readonly #little: boolean;
	#segments: readonly Segment[] = [];

	constructor(read: ReadBytes, wide: boolean, little: boolean) {
		this.#read = read;
		this.#wide = wide;
		this.#little = little;
	}

	file(): ElfFile | null {
		const header = this.#whole(0, this.#wide ? 64 : 52);
		if (header === null) return null;
		const segments = this.#readSegments(header);
		if (segments === null) return null;
		this.#segments = segments;
		const code = this.#half(header, 18);
		const tags = this.#dynamic();
		const strings = tags.find(({ tag }) => tag === TAGS.strings)?.value ?? null;
		const needed = tags.filter(({ tag }) => tag === TAGS.needed).slice(0, ENTRIES_MAX);
		return {
			machine: MACHINES[code] ?? `machine 0x${code.toString(16)}`,
			bits: this.#wide ? 64 : 32,
			loader: this.#loader(),
			needed:
				strings === null
					? []
					: needed.map(({ value }) => this.#text(strings + value)).filter((name) => name !== ''),
			versions: strings === null ? [] : this.#versions(tags, strings),
		};
	}

	#readSegments(header: Buffer): Segment[] | null {
		const offset = this.#wide ? this.#long(header, 32) : this.#word(header, 28);
		const [size, count] = this.#wide
			? [this.#half(header, 54), this.#half(header, 56)]
			: [this.#half(header, 42), this.#half(header, 44)];
		if (count > SEGMENTS_MAX || (count > 0 && size < (this.#wide ? 56 : 32))) return null;
		const table = count === 0 ? null : this.#whole(offset, size * count);
		if (count > 0 && table === null) return null;
		return Array.from({ length: count }, (_, index) => this.#segment(table as Buffer, index * size));
	}

	#segment(table: Buffer, at: number): Segment {
		const type = this.#word(table, at);
		return this.#wide
			? {
					type,
					offset: this.#long(table, at + 8),
					address: this.#long(table, at + 16),
					bytes: this.#long(table, at + 32),
				}
			: {
					type,
					offset: this.#word(table, at + 4),
					address: this.#word(table, at + 8),
					bytes: this.#word(table, at + 16),
				};
	}

	#loader(): string | null {
		const segment = this.#segments.find(({ type }) => type === INTERP);
		if (segment === undefined || segment.bytes > TEXT_BYTES_MAX) return null;
		const bytes = this.#whole(segment.offset, segment.bytes);
		return bytes === null ? null : cString(bytes);
	}

	#dynamic(): Array<{ readonly tag: number; readonly value: number }> {
		const segment = this.#segments.find(({ type }) => type === DYNAMIC);
		if (segment === undefined || segment.bytes > DYNAMIC_BYTES_MAX) return [];
		const table = this.#whole(segment.offset, segment.bytes);
		if (table === null) return [];
		const size = this.#wide ? 16 : 8;
		const tags: Array<{ tag: number; value: number }> = [];
		for (let at = 0; at + size <= table.length; at += size) {
			const tag = this.#wide ? this.#long(table, at) : this.#word(table, at);
			if (tag === 0) break;
			tags.push({ tag, value: this.#wide ? this.#long(table, at + 8) : this.#word(table, at + 4) });
		}
		return tags;
	}

	/** Of `.gnu.version_r`: a list of libraries, each with a list of the versions that are wanted of it. */
	#versions(tags: ReadonlyArray<{ tag: number; value: number }>, strings: number): string[] {
		const start = tags.find(({ tag }) => tag === TAGS.versions)?.value;
		const count = tags.find(({ tag }) => tag === TAGS.versionCount)?.value ?? 0;
		const found: string[] = [];
		let address = start ?? 0;
		for (let index = 0; start !== undefined && index < Math.min(count, ENTRIES_MAX); index++) {
			const library = this.#at(address, 16);
			if (library === null) break;
			let own = address + this.#word(library, 8);
			for (let rest = this.#half(library, 2); rest > 0 && found.length < ENTRIES_MAX; rest--) {
				const version = this.#at(own, 16);
				if (version === null) break;
				found.push(this.#text(strings + this.#word(version, 8)));
				own += this.#word(version, 12);
			}
			const next = this.#word(library, 12);
			if (next === 0) break;
			address += next;
		}
		return [...new Set(found)].filter((name) => name !== '');
	}

	/** Null where the file has fewer. */
	#whole(offset: number, bytes: number): Buffer | null {
		const found = this.#read(offset, bytes);
		return found.length === bytes ? found : null;
	}

	/** Where an address of the loaded file is in the file; null: in none of its segments. */
	#offset(address: number): number | null {
		const segment = this.#segments.find(
			({ type, address: first, bytes }) => type === LOAD && address >= first && address - first < bytes,
		);
		return segment === undefined ? null : segment.offset + address - segment.address;
	}

	/** Bytes at an address of the loaded file. */
	#at(address: number, bytes: number): Buffer | null {
		const offset = this.#offset(address);
		return offset === null ? null : this.#whole(offset, bytes);
	}

	/** Empty where there is none. */
	#text(address: number): string {
		const offset = this.#offset(address);
		if (offset === null) return '';
		for (const bytes of [256, TEXT_BYTES_MAX]) {
			const found = this.#read(offset, bytes);
			if (found.includes(0)) return cString(found);
		}
		return '';
	}

	#half(bytes: Buffer, at: number): number {
		return this.#little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
	}

	#word(bytes: Buffer, at: number): number {
		return this.#little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
	}

	#long(bytes: Buffer, at: number): number {
		return Number(this.#little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
	}
}

function cString(bytes: Buffer): string {
	const end = bytes.indexOf(0);
	return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}
