/**
 * Makes a packed file: a copy of the runtime, then what it shall run. The same runtime and the same folders give the same bytes. It has its
 * name when it is whole.
 */
import type { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Found, filesOf } from '../catalog/folder-files.ts';
import { FolderZip } from '../catalog/folder-zip.ts';
import { PACKAGE_LIMITS } from '../catalog/package-limits.ts';
import { judgeLinks } from '../catalog/zip-links.ts';
import { RuntimeError } from '../contract/errors.ts';
import { encodeManifest, type Manifest, type PackedItem } from './manifest.ts';
import type { RuntimeFile } from './runtime-file.ts';
import { encodeTrailer, type Part, type Signature, signedText, type Trailer } from './trailer.ts';

/** A folder, or a file that is made for the package. */
export type PackedSource =
	| {
			readonly kind: 'folder';
			readonly folder: string;
			/** In the package. */
			readonly name: string;
			/** Whether a file of it is not packed; by its name in the folder. */
			readonly leaves?: (name: string) => boolean;
	  }
	| { readonly kind: 'file'; readonly name: string; readonly content: Buffer<ArrayBuffer> };

export interface PackageInput extends Pick<Manifest, 'name' | 'kind' | 'functions'> {
	readonly runtime: RuntimeFile;
	readonly sources: readonly PackedSource[];
	/** Signs a text. */
	readonly sign: ((text: (publicKey: Buffer) => Buffer) => Signature) | null;
	readonly output: string;
	/** Cuts it short. */
	readonly signal: AbortSignal;
	/** Told how many bytes of files are packed. */
	readonly onProgress: (bytes: number) => void;
}

export interface WrittenPackage {
	readonly bytes: number;
	readonly trailer: Trailer;
	readonly manifest: Manifest;
}

/** Rejects with ERR_CODE_INVALID, which names the entry, ERR_CODE_TOO_LARGE or ERR_PACK_FAILED: nothing is left then. */
export async function writePackage(input: PackageInput): Promise<WrittenPackage> {
	const { output } = input;
	const draft = `${output}.part-${crypto.randomUUID()}`;
	try {
		const file = await open(draft, 'wx', 0o755);
		try {
			const written = await writeParts(new PartWriter(file), input);
			await rename(draft, output);
			return written;
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof RuntimeError) throw error;
		const { code, message } = error as NodeJS.ErrnoException;
		const failed = `could not write ${JSON.stringify(output)}: ${code ?? message}`;
		throw new RuntimeError('ERR_PACK_FAILED', failed, { cause: error });
	} finally {
		await rm(draft, { force: true });
	}
}

async function writeParts(writer: PartWriter, input: PackageInput): Promise<WrittenPackage> {
	const { runtime: source, name, kind, functions, sign } = input;
	for await (const piece of createReadStream(source.path, { end: source.bytes - 1 }))
		await writer.write(piece);
	const runtime = writer.endPart();
	const items = await writePayload(writer, input);
	const payload = writer.endPart();
	const { version, commit, target } = source;
	const manifest: Manifest = { name, runtime: { version, commit, target }, kind, functions, items };
	await writer.write(encodeManifest(manifest));
	const parts = { runtime, payload, manifest: writer.endPart() };
	const signature = sign === null ? null : sign((publicKey) => signedText(parts, publicKey));
	const trailer: Trailer = { ...parts, signature };
	await writer.write(encodeTrailer(trailer));
	return { bytes: writer.bytes, trailer, manifest };
}

async function writePayload(
	writer: PartWriter,
	{ sources, signal, onProgress }: PackageInput,
): Promise<PackedItem[]> {
	const planned = (await Promise.all(sources.map(plan))).flat();
	planned.sort((a, b) => (a.name < b.name ? -1 : 1));
	judgePlan(planned);
	const zip = new FolderZip(new WritableStream<Uint8Array>({ write: (piece) => writer.write(piece) }));
	const items: PackedItem[] = [];
	let done = 0;
	for (const { name, found } of planned) {
		signal.throwIfAborted();
		if ('content' in found) await zip.addFile(name, found.content, false);
		const content = 'content' in found ? found.content : await zip.add(found, name);
		items.push(itemOf(name, found, content));
		done += content?.byteLength ?? 0;
		onProgress(done);
	}
	await zip.close();
	return items;
}

interface Planned {
	/** In the package. */
	readonly name: string;
	readonly found: Found | { readonly kind: 'file'; readonly content: Buffer<ArrayBuffer> };
}

async function plan(source: PackedSource): Promise<Planned[]> {
	if (source.kind === 'file') return [{ name: source.name, found: source }];
	const { folder, name, leaves } = source;
	const files = await filesOf(folder, 'kept');
	return files
		.filter((found) => leaves?.(found.name) !== true)
		.map((found) => ({ name: path.posix.join(name, found.name), found }));
}

/** What no httpfn would unpack. Throws ERR_CODE_INVALID, ERR_CODE_TOO_LARGE. */
function judgePlan(planned: readonly Planned[]): void {
	const links = new Map<string, string>();
	let bytes = 0;
	for (const { name, found } of planned) {
		if (found.kind === 'link') links.set(name, found.target);
		else if ('content' in found) bytes += found.content.byteLength;
		else if (found.kind === 'file') bytes += found.bytes;
	}
	judgeLinks(links);
	const { unpackedBytesMax, entriesMax } = PACKAGE_LIMITS;
	if (bytes > unpackedBytesMax) {
		const message = `the files have ${bytes} bytes, wanted at most ${unpackedBytesMax}`;
		throw new RuntimeError('ERR_CODE_TOO_LARGE', message);
	}
	if (planned.length > entriesMax) {
		const message = `found ${planned.length} files, wanted at most ${entriesMax}`;
		throw new RuntimeError('ERR_CODE_INVALID', message);
	}
}

function itemOf(name: string, found: Planned['found'], content: Uint8Array | null): PackedItem {
	if (found.kind === 'folder') return { kind: 'folder', name };
	if (found.kind === 'link') return { kind: 'link', name, target: found.target };
	const bytes = content ?? new Uint8Array();
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	const executable = 'executable' in found && found.executable;
	return { kind: 'file', name, bytes: bytes.byteLength, executable, sha256 };
}

/** Writes part after part, and knows the digest of each. */
class PartWriter {
	bytes = 0;
	readonly #file: FileHandle;
	#start = 0;
	#hash: Hash = createHash('sha256');

	constructor(file: FileHandle) {
		this.#file = file;
	}

	async write(piece: Uint8Array): Promise<void> {
		this.#hash.update(piece);
		for (let done = 0; done < piece.byteLength; ) {
			done += (await this.#file.write(piece, done, piece.byteLength - done)).bytesWritten;
		}
		this.bytes += piece.byteLength;
	}

	endPart(): Part {
		const part = { bytes: this.bytes - this.#start, sha256: this.#hash.digest() };
		this.#start = this.bytes;
		this.#hash = createHash('sha256');
		return part;
	}
}
