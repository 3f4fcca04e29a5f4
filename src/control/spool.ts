/**
 * The body of one request, kept until its signature is judged: nothing of a request is acted on before. A short one stays
 * in memory, a long one goes to a file that has no name, so that it costs no memory and is gone with the process.
 */
import { Buffer } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { giveBack } from '../engine/give-back.ts';

const MEMORY_BYTES_MAX = 64 * 1024;
/**
 * Of a file at once: each time costs two switches of threads, which is as much as copying these bytes. No more than a long piece
 * that comes, so that it is not kept until the next has come too.
 */
const BLOCK_BYTES = 192 * 1024;
/** What one call of the system takes (Linux: IOV_MAX). */
const PIECES_MAX = 1024;

export interface SpoolOptions {
	/** Where the file of a long body is made. */
	readonly folder: string;
	readonly bytesMax: number;
	/** Whether the SHA-256 is wanted: it is most of what a long body costs. */
	readonly digest: boolean;
}

export class Spool {
	readonly bytes: number;
	/** Of all bytes, hexadecimal; empty where it was not wanted. */
	readonly sha256: string;
	readonly #memory: Buffer | null;
	readonly #file: FileHandle | null;

	private constructor(bytes: number, sha256: string, memory: Buffer | null, file: FileHandle | null) {
		this.bytes = bytes;
		this.sha256 = sha256;
		this.#memory = memory;
		this.#file = file;
	}

	/**
	 * Reads all of `source`, whose pieces must be nobody else's: they are given back. Rejects with ERR_CONTROL_BODY_TOO_LARGE or
	 * ERR_STATE_UNAVAILABLE.
	 */
	static async read(source: AsyncIterable<Uint8Array>, options: SpoolOptions): Promise<Spool> {
		const hash = options.digest ? createHash('sha256') : null;
		let chunks: Uint8Array[] = [];
		let file: FileHandle | null = null;
		let bytes = 0;
		let filedBytes = 0;
		try {
			for await (const chunk of source) {
				bytes += chunk.byteLength;
				if (bytes > options.bytesMax) throw tooLarge(options.bytesMax);
				hash?.update(chunk);
				chunks.push(chunk);
				const waitingBytes = bytes - filedBytes;
				if (file === null && waitingBytes <= MEMORY_BYTES_MAX) continue;
				if (file !== null && waitingBytes < BLOCK_BYTES && chunks.length < PIECES_MAX) continue;
				file ??= await namelessFile(options.folder);
				await writeAll(file, chunks, filedBytes);
				filedBytes = bytes;
				chunks = [];
			}
			if (file !== null) await writeAll(file, chunks, filedBytes);
		} catch (error) {
			await file?.close();
			throw error;
		}
		const sha256 = hash?.digest('hex') ?? '';
		return new Spool(bytes, sha256, file === null ? Buffer.concat(chunks) : null, file);
	}

	/** Bytes from one offset up to another, each piece until the next is asked for; may be called more than once. */
	async *read(from = 0, to = this.bytes): AsyncIterable<Uint8Array> {
		if (this.#memory !== null) {
			if (from < to) yield this.#memory.subarray(from, to);
			return;
		}
		const file = this.#file;
		if (file === null || from >= to) return;
		const buffer = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, to - from));
		try {
			for (let at = from; at < to; ) {
				const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
				if (bytesRead === 0) throw unavailable('read', 'it ended early');
				yield buffer.subarray(0, bytesRead);
				at += bytesRead;
			}
		} finally {
			giveBack(buffer);
		}
	}

	async whole(): Promise<Buffer> {
		if (this.#memory !== null) return this.#memory;
		const whole = Buffer.allocUnsafeSlow(this.bytes);
		let at = 0;
		for await (const piece of this.read()) {
			whole.set(piece, at);
			at += piece.byteLength;
		}
		return whole;
	}

	/** Twice is harmless. */
	async close(): Promise<void> {
		await this.#file?.close().catch(() => {});
	}
}

async function namelessFile(folder: string): Promise<FileHandle> {
	const path = join(folder, `.body-${randomUUID()}`);
	try {
		const file = await open(path, 'wx+', 0o600);
		await unlink(path);
		return file;
	} catch (error) {
		throw unavailable('make a file for', error);
	}
}

/** All at once, and gives them back. */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], from: number): Promise<void> {
	let left: readonly Uint8Array[] = chunks;
	let at = from;
	try {
		while (left.length > 0) {
			const { bytesWritten } = await file.writev(left.slice(0, PIECES_MAX), at);
			at += bytesWritten;
			left = after(left, bytesWritten);
		}
	} catch (error) {
		throw unavailable('write', error);
	}
	for (const chunk of chunks) giveBack(chunk);
}

/** What is left of `chunks` without their first `bytes`. */
function after(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
	let done = bytes;
	for (const [index, chunk] of chunks.entries()) {
		if (done < chunk.length) return [chunk.subarray(done), ...chunks.slice(index + 1)];
		done -= chunk.length;
	}
	return [];
}

function tooLarge(bytesMax: number): RuntimeError {
	return new RuntimeError(
		'ERR_CONTROL_BODY_TOO_LARGE',
		`the body has more than ${bytesMax} bytes, which is the most this operation takes`,
	);
}

function unavailable(action: string, cause: unknown): RuntimeError {
	const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
	return new RuntimeError(
		'ERR_STATE_UNAVAILABLE',
		`could not ${action} a long body in the state folder: ${why}`,
		{
			cause,
		},
	);
}
