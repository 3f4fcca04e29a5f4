import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { TRAILER_BYTES } from '../engine/packed-tail.ts';
import { decodeManifest, type Manifest } from './manifest.ts';
import { decodeTrailer, invalid, type Part, type Trailer } from './trailer.ts';

const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

/** A packed file whose trailer and manifest are whole. */
export interface OpenPackage extends AsyncDisposable {
	readonly file: FileHandle;
	readonly trailer: Trailer;
	readonly manifest: Manifest;
}

/** Rejects with ERR_PACKED_INVALID. */
export async function openPackage(path: string): Promise<OpenPackage> {
	const file = await open(path, 'r').catch((error) => {
		throw invalid(`${JSON.stringify(path)} can not be read (${error.code ?? error})`, error);
	});
	try {
		const found = await file.stat();
		if (!found.isFile()) throw invalid('it is no file');
		const { size } = found;
		const tail = await readAt(file, Math.max(0, size - TRAILER_BYTES), Math.min(size, TRAILER_BYTES));
		const trailer = decodeTrailer(tail, size);
		const { bytes, sha256 } = trailer.manifest;
		if (bytes > MANIFEST_BYTES_MAX) throw invalid(`its manifest has ${bytes} bytes`);
		const text = await readAt(file, size - TRAILER_BYTES - bytes, bytes);
		if (!createHash('sha256').update(text).digest().equals(sha256)) throw changed('manifest');
		const manifest = decodeManifest(text);
		return { file, trailer, manifest, [Symbol.asyncDispose]: () => file.close() };
	} catch (error) {
		await file.close();
		throw error;
	}
}

/** Rejects with ERR_PACKED_INVALID where the part is not what the trailer says. */
export async function checkPart({ file, trailer }: OpenPackage, name: 'runtime' | 'payload'): Promise<void> {
	const start = name === 'runtime' ? 0 : trailer.runtime.bytes;
	const { bytes, sha256 } = trailer[name];
	const digest = await digestOfPart(file, start, bytes);
	if (!digest.equals(sha256)) throw changed(name);
}

/** SHA-256. Rejects with the system's error. */
export async function digestOfPart(file: FileHandle, start: number, bytes: Part['bytes']): Promise<Buffer> {
	const hash = createHash('sha256');
	const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes));
	for (let done = 0; done < bytes; ) {
		const wanted = Math.min(piece.length, bytes - done);
		const { bytesRead } = await file.read(piece, 0, wanted, start + done);
		if (bytesRead === 0) throw invalid('it ends too early');
		hash.update(piece.subarray(0, bytesRead));
		done += bytesRead;
	}
	return hash.digest();
}

async function readAt(file: FileHandle, start: number, bytes: number): Promise<Buffer> {
	const buffer = Buffer.alloc(bytes);
	const { bytesRead } = await file.read(buffer, 0, bytes, start);
	if (bytesRead < bytes) throw invalid('it ends too early');
	return buffer;
}

function changed(part: string): Error {
	return invalid(`its ${part} has been changed since it was packed`);
}
