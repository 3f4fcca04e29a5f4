/** An executable of httpfn that functions can be packed into: for which machine it is, and which version. */
import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { RuntimeError } from '../contract/errors.ts';
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

const ELF_MAGIC = '\x7fELF';
const MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };
const PT_INTERP = 3;
/** Of the program headers: engines have about ten. */
const HEADERS_MAX = 64;
const INTERPRETER_BYTES_MAX = 256;
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
		const { size } = await file.stat();
		const target = await targetOf(file, path);
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

async function targetOf(file: FileHandle, path: string): Promise<string> {
	const head = await read(file, 0, 64);
	if (head.toString('latin1', 0, 4) !== ELF_MAGIC)
		throw refusal(path, 'it is no ELF executable, as Linux has them');
	const is64 = head[4] === 2 && head[5] === 1;
	const machine = head.length === 64 && is64 ? MACHINES[head.readUInt16LE(18)] : undefined;
	if (machine === undefined) throw refusal(path, 'it is for another machine than x64 and arm64');
	const interpreter = await interpreterOf(file, head);
	return `linux-${machine}${interpreter.includes('musl') ? '-musl' : ''}`;
}

/** The path of the dynamic loader, which tells the C library; empty where there is none. */
async function interpreterOf(file: FileHandle, head: Buffer): Promise<string> {
	const start = Number(head.readBigUInt64LE(32));
	const bytes = head.readUInt16LE(54);
	const count = Math.min(head.readUInt16LE(56), HEADERS_MAX);
	if (bytes < 56) return '';
	const table = await read(file, start, bytes * count);
	for (let at = 0; at + bytes <= table.length; at += bytes) {
		if (table.readUInt32LE(at) !== PT_INTERP) continue;
		const length = Math.min(Number(table.readBigUInt64LE(at + 32)), INTERPRETER_BYTES_MAX);
		return (await read(file, Number(table.readBigUInt64LE(at + 8)), length)).toString('latin1');
	}
	return '';
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
