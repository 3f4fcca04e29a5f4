/**
 * The code of functions: each package by its SHA-512, as it was sent and unpacked.
 *
 *   store:  written to packages/<digest>.part-… → unpacked to code/<digest>.part-…, which judges it → both synced and renamed
 *   folder: code/<digest>; unpacked again where it is missing, from a backup say
 *
 * A crash leaves parts, which the next opening removes. What is there under its own name is whole.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { finishCodeFolder } from './finish-code-folder.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import type { CodeRecord } from './records.ts';
import { syncFolder } from './sync-folder.ts';
import { shown } from './zip-entries.ts';

export type NewCode = Pick<CodeRecord, 'type' | 'filename'>;

/** Between the end of `store` and the row that names the package it is nobody's: so long it is kept all the same. */
const GRACE_MS = 3_600_000;
const PART = '.part-';
/** Of its first entry, and of the directory of one that has none. */
const ZIP_SIGNS = ['PK\x03\x04', 'PK\x05\x06'];

export class CodePackages {
	readonly #packages: string;
	readonly #code: string;
	/** What is being unpacked, by digest: two who want the same wait for one. */
	readonly #unpacking = new Map<string, Promise<string>>();
	/** How many calls of `store` are under way, by digest: nothing of theirs is collected. */
	readonly #storing = new Map<string, number>();

	/** Throws ERR_STATE_UNAVAILABLE. */
	constructor(stateFolder: string) {
		this.#packages = path.join(stateFolder, 'packages');
		this.#code = path.join(stateFolder, 'code');
		try {
			for (const folder of [this.#packages, this.#code]) {
				mkdirSync(folder, { recursive: true, mode: 0o755 });
				for (const name of readdirSync(folder)) {
					if (name.includes(PART)) rmSync(path.join(folder, name), { recursive: true, force: true });
				}
			}
		} catch (error) {
			throw unavailable('open the packages in the state folder', error);
		}
	}

	/**
	 * Judges and keeps a package; the same one again costs nothing more. Rejects with ERR_CODE_INVALID and ERR_BOOTSTRAP_*, which name what
	 * is wrong, ERR_CODE_TOO_LARGE, ERR_STATE_UNAVAILABLE: nothing is left of it then.
	 */
	async store(bytes: Uint8Array, { type, filename }: NewCode): Promise<CodeRecord> {
		judgeSize(bytes, type);
		const digest = createHash('sha512').update(bytes).digest('hex');
		const code: CodeRecord = { type, filename, bytes: bytes.byteLength, digest };
		const file = this.#file(digest);
		const part = `${file}${PART}${crypto.randomUUID()}`;
		this.#storing.set(digest, (this.#storing.get(digest) ?? 0) + 1);
		try {
			if (!existsSync(file)) await writeSynced(part, bytes);
			await this.#unpacked(code, existsSync(file) ? file : part);
			// The youth of a package keeps it from being collected.
			if (existsSync(file)) await utimes(file, new Date(), new Date());
			else await rename(part, file);
			syncFolder(this.#packages);
			return code;
		} catch (error) {
			throw error instanceof RuntimeError ? error : unavailable('keep the package', error);
		} finally {
			const others = (this.#storing.get(digest) ?? 1) - 1;
			if (others > 0) this.#storing.set(digest, others);
			else this.#storing.delete(digest);
			await rm(part, { force: true });
		}
	}

	/** Absolute path of the unpacked code, whether it is there or not. */
	path({ digest }: CodeRecord): string {
		return path.join(this.#code, digest);
	}

	/** The same, when it is there. Rejects with ERR_STATE_UNAVAILABLE where the package is missing too. */
	async folder(code: CodeRecord): Promise<string> {
		try {
			return await this.#unpacked(code, this.#file(code.digest));
		} catch (error) {
			throw error instanceof RuntimeError ? error : unavailable('unpack a package', error);
		}
	}

	/** The package as it was sent. */
	read({ digest }: CodeRecord): AsyncIterable<Uint8Array> {
		return createReadStream(this.#file(digest));
	}

	/** Removes what no version uses and nobody has just stored. */
	async collect(used: ReadonlySet<string>): Promise<void> {
		const isWanted = (digest: string) =>
			used.has(digest) || digest.includes(PART) || this.#storing.has(digest) || this.#unpacking.has(digest);
		for (const digest of await readdir(this.#packages)) {
			if (isWanted(digest)) continue;
			const file = this.#file(digest);
			if (Date.now() - statSync(file).mtimeMs >= GRACE_MS) await removeWhole(file);
		}
		for (const digest of await readdir(this.#code)) {
			if (isWanted(digest) || existsSync(this.#file(digest))) continue;
			await removeWhole(path.join(this.#code, digest));
		}
	}

	#file(digest: string): string {
		return path.join(this.#packages, digest);
	}

	#unpacked(code: CodeRecord, file: string): Promise<string> {
		const folder = this.path(code);
		if (existsSync(folder)) return Promise.resolve(folder);
		const under = this.#unpacking.get(code.digest);
		if (under !== undefined) return under;
		const unpacking = this.#unpack(code, file, folder).finally(() => this.#unpacking.delete(code.digest));
		this.#unpacking.set(code.digest, unpacking);
		return unpacking;
	}

	async #unpack({ type, bytes }: CodeRecord, file: string, folder: string): Promise<string> {
		const part = `${folder}${PART}${crypto.randomUUID()}`;
		const source = await open(file, 'r');
		try {
			mkdirSync(part, { mode: 0o755 });
			if (type === 'inline') await writeSynced(path.join(part, 'bootstrap'), await readWhole(source, bytes));
			else {
				// The zip library is loaded by those who need it.
				const { unpackZip } = await import('./unpack-zip.ts');
				const { ratioFreeBytes, ratioMax, unpackedBytesMax } = PACKAGE_LIMITS;
				const bytesMax = Math.min(unpackedBytesMax, ratioFreeBytes + bytes * ratioMax);
				const place = { file: source, start: 0, bytes, unpackedBytesMax: bytesMax, synced: true };
				await unpackZip(place, part);
			}
			await finishCodeFolder(part);
			await rename(part, folder);
			syncFolder(this.#code);
			return folder;
		} finally {
			await source.close();
			await rm(part, { recursive: true, force: true });
		}
	}
}

/** Throws ERR_CODE_TOO_LARGE, ERR_CODE_INVALID. */
function judgeSize(bytes: Uint8Array, type: CodeRecord['type']): void {
	const { inlineBytesMax, packageBytesMax } = PACKAGE_LIMITS;
	const bytesMax = type === 'inline' ? inlineBytesMax : packageBytesMax;
	if (bytes.byteLength > bytesMax) {
		const found = `the package has ${bytes.byteLength} bytes`;
		throw new RuntimeError(
			type === 'inline' ? 'ERR_CODE_INLINE_TOO_LARGE' : 'ERR_CODE_TOO_LARGE',
			`${found}, wanted at most ${bytesMax}`,
		);
	}
	const isZip = ZIP_SIGNS.includes(Buffer.from(bytes.subarray(0, 4)).toString('latin1'));
	// No bytes are good as both, lest one digest stand for two folders.
	if (type === 'inline' && isZip) {
		const message = 'could not use the package: found a zip file, wanted the text of bootstrap';
		throw new RuntimeError('ERR_CODE_INVALID', message);
	}
	if (type === 'inline' || isZip) return;
	const begins = shown(Buffer.from(bytes.subarray(0, 8)).toString('latin1'));
	const found = bytes.byteLength === 0 ? 'no bytes' : `bytes that begin with ${begins}`;
	throw new RuntimeError(
		'ERR_CODE_INVALID',
		`could not use the package: found ${found}, wanted a ${type} file`,
	);
}

/** Its name is free at once: who wants the same meanwhile never finds half of it. */
async function removeWhole(item: string): Promise<void> {
	const part = `${item}${PART}${crypto.randomUUID()}`;
	renameSync(item, part);
	await rm(part, { recursive: true, force: true });
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
	const handle = await open(file, 'wx', 0o644);
	try {
		await handle.writeFile(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function readWhole(file: FileHandle, bytes: number): Promise<Buffer> {
	const buffer = Buffer.alloc(bytes);
	await file.read(buffer, 0, bytes, 0);
	return buffer;
}

function unavailable(action: string, cause: unknown): RuntimeError {
	const { code, message } = cause as NodeJS.ErrnoException;
	return new RuntimeError('ERR_STATE_UNAVAILABLE', `could not ${action}: ${code ?? message}`, { cause });
}
