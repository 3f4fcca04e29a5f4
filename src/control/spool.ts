/**
 * The body of one request, kept until its signature is judged: nothing of a request is acted on before. A short one stays
 * in memory, a long one goes to a file that has no name, so that it costs no memory and is gone with the process.
 */
import { Buffer } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeError } from '../contract/errors.ts';

const MEMORY_BYTES_MAX = 64 * 1024;
const READ_BYTES = 64 * 1024;

export interface SpoolOptions {
	/** Where the file of a long body is made. */
	readonly folder: string;
	readonly bytesMax: number;
}

export class Spool {
	readonly bytes: number;
	/** Of all bytes, hexadecimal. */
	readonly sha256: string;
	readonly #memory: Buffer | null;
	readonly #file: FileHandle | null;

	private constructor(bytes: number, sha256: string, memory: Buffer | null, file: FileHandle | null) {
		this.bytes = bytes;
		this.sha256 = sha256;
		this.#memory = memory;
		this.#file = file;
	}

	/** Reads all of `source`. Rejects with ERR_CONTROL_BODY_TOO_LARGE or ERR_STATE_UNAVAILABLE. */
	static async read(source: AsyncIterable<Uint8Array>, options: SpoolOptions): Promise<Spool> {
		const hash = createHash('sha256');
		let chunks: Uint8Array[] = [];
		let file: FileHandle | null = null;
		let bytes = 0;
		let filedBytes = 0;
		try {
			for await (const chunk of source) {
				bytes += chunk.byteLength;
				if (bytes > options.bytesMax) throw tooLarge(options.bytesMax);
				hash.update(chunk);
				chunks.push(chunk);
				if (bytes - filedBytes <= MEMORY_BYTES_MAX) continue;
				file ??= await namelessFile(options.folder);
				await writeAll(file, Buffer.concat(chunks), filedBytes);
				filedBytes = bytes;
				chunks = [];
			}
			if (file !== null && bytes > filedBytes) await writeAll(file, Buffer.concat(chunks), filedBytes);
		} catch (error) {
			await file?.close();
			throw error;
		}
		return new Spool(bytes, hash.digest('hex'), file === null ? Buffer.concat(chunks) : null, file);
	}

	/** Bytes from one offset up to another; may be called more than once. */
	async *read(from = 0, to = this.bytes): AsyncIterable<Uint8Array> {
		if (this.#memory !== null) {
			if (from < to) yield this.#memory.subarray(from, to);
			return;
		}
		const file = this.#file;
		if (file === null) return;
		for (let at = from; at < to; ) {
			// A buffer of its own each time: who got the last one may still be sending it.
			const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, to - at));
			const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
			if (bytesRead === 0) throw unavailable('read', 'it ended early');
			yield buffer.subarray(0, bytesRead);
			at += bytesRead;
		}
	}

	async whole(): Promise<Buffer> {
		if (this.#memory !== null) return this.#memory;
		const chunks: Uint8Array[] = [];
		for await (const chunk of this.read()) chunks.push(chunk);
		return Buffer.concat(chunks);
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

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
	try {
		for (let done = 0; done < bytes.length; ) {
			const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
			done += bytesWritten;
		}
	} catch (error) {
		throw unavailable('write', error);
	}
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
