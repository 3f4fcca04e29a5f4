/**
 * Unpacks a package into a folder of its own, entry by entry, no more of it in memory than a piece of one. What a zip says of its
 * sizes may be false: what comes out is counted.
 */
import { Buffer } from 'node:buffer';
import { type FileHandle, mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { invalid, type JudgedEntry, judgeEntries, shown } from './zip-entries.ts';

const STRICT = {
	strictness: 'strict',
	filenameValidation: 'strict',
	checkSignature: true,
	checkOverlappingEntry: true,
	useWebWorkers: false,
} as const;
/** A link's target. */
const LINK_BYTES_MAX = 4096;

/** `folder` is there, and empty. Rejects with ERR_CODE_INVALID, which names the entry, or with the system's error. */
export async function unpackZip(file: FileHandle, bytes: number, folder: string): Promise<void> {
	const reader = new ZipReader(new HandleReader(file, bytes), STRICT);
	const budget = new Budget(bytes);
	try {
		for (const entry of judgeEntries(await readEntries(reader))) await unpackEntry(entry, folder, budget);
	} finally {
		await reader.close();
	}
}

async function readEntries(reader: ZipReader<unknown>): Promise<FileEntry[]> {
	try {
		return (await reader.getEntries()) as FileEntry[];
	} catch (error) {
		const { message, filename } = error as Error & { filename?: string };
		throw invalid(`${filename === undefined ? '' : `${shown(filename)}: `}${message}`, error);
	}
}

async function unpackEntry(
	{ name, kind, executable, entry }: JudgedEntry,
	folder: string,
	budget: Budget,
): Promise<void> {
	const target = path.join(folder, name);
	await mkdir(kind === 'folder' ? target : path.dirname(target), { recursive: true });
	if (kind === 'folder') return;
	const source = entry as FileEntry;
	if (kind === 'link') {
		const chunks: Uint8Array[] = [];
		await readData(name, source, budget, async (chunk) => {
			chunks.push(chunk);
		});
		await symlink(linkTarget(name, Buffer.concat(chunks)), target);
		return;
	}
	const written = await open(target, 'wx', executable ? 0o755 : 0o644);
	try {
		await readData(name, source, budget, async (chunk) => {
			for (let done = 0; done < chunk.byteLength; ) {
				done += (await written.write(chunk, done, chunk.byteLength - done)).bytesWritten;
			}
		});
		await written.sync();
	} finally {
		await written.close();
	}
}

async function readData(
	name: string,
	entry: FileEntry,
	budget: Budget,
	take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
	// An error of ours, or of the disk, is not one of the zip.
	let own: unknown = null;
	const sink = new WritableStream<Uint8Array>({
		async write(chunk) {
			try {
				budget.spend(name, chunk.byteLength);
				await take(chunk);
			} catch (error) {
				own = error;
				throw error;
			}
		},
	});
	try {
		await entry.getData(sink, STRICT);
	} catch (error) {
		if (own !== null) throw own;
		throw invalid(`${shown(name)}: ${error instanceof Error ? error.message : String(error)}`, error);
	}
}

/** It has to lead to something within the package. */
function linkTarget(name: string, bytes: Buffer): string {
	const target = bytes.toString('utf8');
	const reached = path.posix.normalize(path.posix.join(path.posix.dirname(name), target));
	const leaves = reached === '..' || reached.startsWith('../') || target.startsWith('/');
	if (!leaves && target !== '' && !target.includes('\0') && bytes.length <= LINK_BYTES_MAX) return target;
	throw invalid(`${shown(name)}: found a link to ${shown(target)}, wanted one that stays in the package`);
}

/** What a package may become. */
class Budget {
	readonly #bytesMax: number;
	#spent = 0;

	constructor(packageBytes: number) {
		const { ratioFreeBytes, ratioMax, unpackedBytesMax } = PACKAGE_LIMITS;
		this.#bytesMax = Math.min(unpackedBytesMax, ratioFreeBytes + packageBytes * ratioMax);
	}

	spend(name: string, bytes: number): void {
		this.#spent += bytes;
		if (this.#spent <= this.#bytesMax) return;
		throw new RuntimeError(
			'ERR_CODE_INVALID',
			`could not use the package: ${shown(name)}: with it the files have more than ${this.#bytesMax} bytes, which is the most a package of this size may become`,
		);
	}
}

class HandleReader extends Reader<FileHandle> {
	readonly #file: FileHandle;
	override size: number;

	constructor(file: FileHandle, bytes: number) {
		super(file);
		this.#file = file;
		this.size = bytes;
	}

	override async readUint8Array(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
		const buffer = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
		let done = 0;
		while (done < buffer.byteLength) {
			const { bytesRead } = await this.#file.read(buffer, done, buffer.byteLength - done, offset + done);
			if (bytesRead === 0) break;
			done += bytesRead;
		}
		return buffer.subarray(0, done);
	}
}
