/**
 * Unpacks a package into a folder of its own, no more of it in memory than a piece of each of a few entries. What a zip says of its
 * sizes may be false: what comes out is counted.
 *
 *   all names are judged → files are written, several at a time → links are judged together → links are made
 *
 * Links come last, so that no file is ever written through one.
 */
import { Buffer } from 'node:buffer';
import { type FileHandle, mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import { EntryNames, invalid, judgeEntry, shown } from './zip-entries.ts';
import { judgeLinkBytes, judgeLinks, linkTarget } from './zip-links.ts';

const STRICT = {
	strictness: 'strict',
	filenameValidation: 'strict',
	checkSignature: true,
	checkOverlappingEntry: true,
	useWebWorkers: false,
} as const;
/** Entries unpacked at one time: most of a small one's time is waiting for the disk. */
const LANES = 8;
/** Names read before requests have their turn again. */
const NAMES_A_TURN = 500;
/** What the system says where two names are one to it, as on disks that do not tell letter case. */
const TAKEN = ['EEXIST', 'ENOTDIR', 'EISDIR'];

/** Where a zip is: a file, or a part of one. */
export interface ZipPlace {
	readonly file: FileHandle;
	readonly start: number;
	readonly bytes: number;
	/** Of all files together, unpacked. */
	readonly unpackedBytesMax: number;
	/** What is unpacked shall outlast a power cut. */
	readonly synced: boolean;
}

/** `folder` is there, and empty. Rejects with ERR_CODE_INVALID, which names the entry, or with the system's error. */
export async function unpackZip(place: ZipPlace, folder: string): Promise<void> {
	const names = new EntryNames();
	for await (const entry of entriesOf(place)) names.add(judgeEntry(entry));
	names.judgeFolders();

	const entries = entriesOf(place);
	const links = new Map<string, string>();
	const budget = new Budget(place.unpackedBytesMax);
	let failed = false;
	const lane = async () => {
		while (!failed) {
			const { done, value } = await entries.next();
			if (done) return;
			await unpackEntry(value, { folder, budget, links, synced: place.synced });
		}
	};
	const lanes = Array.from({ length: LANES }, () =>
		lane().catch((error) => {
			failed = true;
			throw error;
		}),
	);
	// All have stopped before the folder is given back.
	const rejected = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
	if (rejected?.status === 'rejected') throw rejected.reason;
	judgeLinks(links);
	for (const [name, target] of links) await placed(name, () => symlink(target, path.join(folder, name)));
}

/** One at a time: a large directory takes no more memory than its bytes. */
async function* entriesOf(place: ZipPlace): AsyncGenerator<Entry, void> {
	const entries = new ZipReader(new HandleReader(place), STRICT).getEntriesGenerator();
	for (let count = 1; ; count++) {
		if (count % NAMES_A_TURN === 0) await nextTurn();
		const { done, value } = await entries.next().catch((error) => {
			throw zipFault(error, error.filename);
		});
		if (done) return;
		yield value;
	}
}

interface Unpacking {
	readonly folder: string;
	readonly budget: Budget;
	/** Targets of those that are to be made, by name. */
	readonly links: Map<string, string>;
	readonly synced: boolean;
}

async function unpackEntry(entry: Entry, { folder, budget, links, synced }: Unpacking): Promise<void> {
	const { name, kind, executable } = judgeEntry(entry);
	const target = path.join(folder, name);
	await placed(name, () => mkdir(kind === 'folder' ? target : path.dirname(target), { recursive: true }));
	if (kind === 'folder') return;
	const source = entry as FileEntry;
	if (kind === 'link') {
		let bytes = Buffer.alloc(0);
		await readData(name, source, budget, async (chunk) => {
			bytes = Buffer.concat([bytes, chunk]);
			judgeLinkBytes(name, bytes.byteLength);
		});
		links.set(name, linkTarget(name, bytes));
		return;
	}
	const written = await placed(name, () => open(target, 'wx', executable ? 0o755 : 0o644));
	try {
		await readData(name, source, budget, async (chunk) => {
			for (let done = 0; done < chunk.byteLength; ) {
				done += (await written.write(chunk, done, chunk.byteLength - done)).bytesWritten;
			}
		});
		if (synced) await written.sync();
	} finally {
		await written.close();
	}
}

async function placed<T>(name: string, place: () => Promise<T>): Promise<T> {
	try {
		return await place();
	} catch (error) {
		if (!TAKEN.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
		throw invalid(`${shown(name)}: found its place taken, wanted names that the disk can tell apart`, error);
	}
}

function zipFault(error: unknown, name: string | undefined): RuntimeError {
	const { message, reason } = error as Error & { reason?: string };
	const said = reason === undefined ? message : `${message}: ${reason}`;
	return invalid(name === undefined ? said : `${shown(name)}: ${said}`, error);
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
		throw zipFault(error, name);
	}
}

/** What a package may become. */
class Budget {
	readonly #bytesMax: number;
	#spent = 0;

	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
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
	readonly #start: number;
	override size: number;

	constructor({ file, start, bytes }: ZipPlace) {
		super(file);
		this.#file = file;
		this.#start = start;
		this.size = bytes;
	}

	override async readUint8Array(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
		const buffer = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
		let done = 0;
		while (done < buffer.byteLength) {
			const at = this.#start + offset + done;
			const { bytesRead } = await this.#file.read(buffer, done, buffer.byteLength - done, at);
			if (bytesRead === 0) break;
			done += bytesRead;
		}
		return buffer.subarray(0, done);
	}
}
