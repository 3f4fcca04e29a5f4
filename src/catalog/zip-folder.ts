/**
 * A code folder as the package that a server takes: the same folder gives the same bytes. Names in order, one time for all, modes
 * reduced to whether a file can be executed. Nothing is left out in silence.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { invalid, judgeName, shown } from './zip-entries.ts';

export interface ZipFolderOptions {
	/** Told how many bytes of files are packed. */
	readonly onProgress?: (bytes: number) => void;
}

/** The first moment a zip can tell. */
const TIME = new Date(1980, 0, 1);

/** Rejects with ERR_CODE_INVALID, which names the entry, or ERR_CODE_TOO_LARGE. */
export async function zipFolder(folder: string, { onProgress }: ZipFolderOptions = {}): Promise<Buffer> {
	const files = await filesOf(folder);
	judgeUnpackedBytes(files);
	const writer = new ZipWriter(new BoundedWriter(), {
		useWebWorkers: false,
		extendedTimestamp: false,
		lastModDate: TIME,
		level: 6,
	});
	let bytes = 0;
	for (const found of files) {
		if (found.kind === 'folder') {
			await writer.add(`${found.name}/`, undefined, { directory: true, unixMode: 0o040755 });
			continue;
		}
		const content = await reading(found.name, () => readFile(found.file));
		bytes += content.byteLength;
		const unixMode = found.executable ? 0o100755 : 0o100644;
		await writer.add(found.name, new Uint8ArrayReader(content), { unixMode });
		onProgress?.(bytes);
	}
	const zip = await writer.close();
	return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
}

/** Stops a package that grows too large before it is made. */
class BoundedWriter extends Uint8ArrayWriter {
	#bytes = 0;

	override async writeUint8Array(piece: Uint8Array<ArrayBuffer>): Promise<void> {
		this.#bytes += piece.byteLength;
		if (this.#bytes > PACKAGE_LIMITS.packageBytesMax) {
			const message = `the package has more than ${PACKAGE_LIMITS.packageBytesMax} bytes, wanted at most so many`;
			throw new RuntimeError('ERR_CODE_TOO_LARGE', message);
		}
		await super.writeUint8Array(piece);
	}
}

function judgeUnpackedBytes(files: readonly Found[]): void {
	const { unpackedBytesMax } = PACKAGE_LIMITS;
	const bytes = files.reduce((sum, found) => sum + (found.kind === 'file' ? found.bytes : 0), 0);
	if (bytes <= unpackedBytesMax) return;
	throw new RuntimeError(
		'ERR_CODE_TOO_LARGE',
		`the files of the folder have ${bytes} bytes, wanted at most ${unpackedBytesMax}`,
	);
}

type Found =
	| {
			readonly kind: 'file';
			readonly name: string;
			/** Absolute; a link followed. */
			readonly file: string;
			readonly bytes: number;
			readonly executable: boolean;
	  }
	/** One with nothing in it; the others follow from their files. */
	| { readonly kind: 'folder'; readonly name: string };

/** By name. Links are followed as long as they stay in the folder; a folder that holds itself is refused. */
async function filesOf(folder: string): Promise<readonly Found[]> {
	const root = await realpath(folder);
	const files: Found[] = [];
	await walk(root, '', [root], files, root);
	return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function walk(
	folder: string,
	prefix: string,
	above: readonly string[],
	files: Found[],
	root: string,
): Promise<void> {
	const entries = await reading(prefix, () => readdir(folder, { withFileTypes: true }));
	if (entries.length === 0 && prefix !== '') files.push({ kind: 'folder', name: prefix.slice(0, -1) });
	for (const entry of entries) {
		const name = `${prefix}${entry.name}`;
		judgeName(name);
		const item = entry.isSymbolicLink()
			? await followed(path.join(folder, entry.name), name, root)
			: path.join(folder, entry.name);
		const found = await reading(name, () => stat(item));
		if (found.isFile()) {
			const executable = (found.mode & 0o111) !== 0;
			files.push({ kind: 'file', name, file: item, bytes: found.size, executable });
		} else if (found.isDirectory()) {
			if (above.includes(item)) throw invalid(`${shown(name)}: found a link to a folder that holds it`);
			await walk(item, `${name}/`, [...above, item], files, root);
		} else {
			throw invalid(`${shown(name)}: found a device, socket or pipe, wanted files and folders`);
		}
		if (files.length > PACKAGE_LIMITS.entriesMax) {
			throw invalid(`found more than ${PACKAGE_LIMITS.entriesMax} files`);
		}
	}
}

/** A file that can not be read is named. */
async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw invalid(`${shown(name)}: could not be read: ${code ?? message}`, error);
	}
}

async function followed(link: string, name: string, root: string): Promise<string> {
	let target: string;
	try {
		target = await realpath(link);
	} catch (error) {
		throw invalid(`${shown(name)}: found a link that leads nowhere`, error);
	}
	if (target === root || target.startsWith(`${root}/`)) return target;
	throw invalid(`${shown(name)}: found a link to ${shown(target)}, wanted one that stays in the folder`);
}
