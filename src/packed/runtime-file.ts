/** An executable of httpfn that functions can be packed into: for which machine it is, and which version. */
import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { RuntimeError } from '../contract/errors.ts';
import { type ElfFile, readElfFile } from '../engine/elf-file.ts';
import { TRAILER_BYTES, TRAILER_MAGIC } from '../engine/packed-tail.ts';
import { decodeTrailer } from './trailer.ts';

export interface RuntimeFile {
	readonly path: string;
	/** Of the executable itself, without what may be packed into it already. */
	readonly bytes: number;
	readonly version: string;
	readonly commit: string;
	/** `linux-x64`, `linux-arm64`, `linux-x64-musl`, `linux-arm64-musl`. */
	readonly target: string;
}

const MACHINES: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };
/** What the build writes into every executable (`runtimeMark` of the build): it is searched for. */
const MARK = /<httpfn-runtime ([\w.+-]{1,64}) ([\w.+-]{1,64})>/;
const MARK_BYTES_MAX = 160;
const PIECE_BYTES = 4 * 1024 * 1024;

/** Rejects with ERR_PACKED_RUNTIME, which says what it is instead. */
export async function readRuntimeFile(path: string): Promise<RuntimeFile> {
	const file = await open(path, 'r').catch((error) => {
		throw refusal(path, `it can not be read (${error.code ?? error})`, error);
	});
	try {
		const found = await file.stat();
		if (!found.isFile()) throw refusal(path, 'it is no file');
		const { size } = found;
		const target = targetOf(readElfFile(file.fd), path);
		const mark = await findMark(file, size);
		if (mark === null) throw refusal(path, 'it is no executable of httpfn');
		return { path, bytes: await ownBytes(file, size), target, ...mark };
	} finally {
		await file.close();
	}
}

export function refusal(path: string, found: string, cause?: unknown): RuntimeError {
	const message = `could not use ${JSON.stringify(path)} as runtime: ${found}`;
	return new RuntimeError('ERR_PACKED_RUNTIME', message, { cause });
}

function targetOf(elf: ElfFile | null, path: string): string {
	if (elf === null) throw refusal(path, 'it is no ELF executable, as Linux has them');
	const machine = elf.bits === 64 ? MACHINES[elf.machine] : undefined;
	if (machine === undefined) throw refusal(path, 'it is for another machine than x64 and arm64');
	return `linux-${machine}${elf.loader?.includes('musl') === true ? '-musl' : ''}`;
}

/** Engines keep the program at the end: that is looked at first. */
async function findMark(file: FileHandle, size: number): Promise<{ version: string; commit: string } | null> {
	for (let end = size; end > 0; end -= PIECE_BYTES) {
		const start = Math.max(0, end - PIECE_BYTES);
		const piece = await read(file, start, Math.min(end + MARK_BYTES_MAX, size) - start);
		const found = MARK.exec(piece.toString('latin1'));
		if (found !== null) return { version: found[1] ?? '', commit: found[2] ?? '' };
	}
	return null;
}

async function ownBytes(file: FileHandle, size: number): Promise<number> {
	const tail = await read(file, Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES);
	const packed = tail.toString('latin1', 0, TRAILER_MAGIC.length) === TRAILER_MAGIC;
	return packed ? decodeTrailer(tail, size).runtime.bytes : size;
}

async function read(file: FileHandle, start: number, bytes: number): Promise<Buffer> {
	const buffer = Buffer.alloc(bytes);
	const { bytesRead } = await file.read(buffer, 0, bytes, start);
	return buffer.subarray(0, bytesRead);
}
