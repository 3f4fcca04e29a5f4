/**
 * A code folder as the package that a server takes: the same folder gives the same bytes. Names in order, one time for all, modes
 * reduced to whether a file can be executed. Nothing is left out in silence.
 */
import { type Stats, statSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { invalid, shown } from './zip-entries.ts';

export interface ZipFolderOptions {
	/** Told how many bytes of files are packed. */
	readonly onProgress?: (bytes: number) => void;
}

/** The first moment a zip can tell. */
const TIME = new Date(1980, 0, 1);

/** Rejects with ERR_CODE_INVALID, which names the entry, or ERR_CODE_TOO_LARGE. */
export async function zipFolder(folder: string, { onProgress }: ZipFolderOptions = {}): Promise<Buffer> {
	const writer = new ZipWriter(new Uint8ArrayWriter(), {
		useWebWorkers: false,
		extendedTimestamp: false,
		lastModDate: TIME,
		level: 6,
	});
	let bytes = 0;
	for (const { name, file, executable } of await filesOf(folder)) {
		const content = await readFile(file);
		bytes += content.byteLength;
		if (bytes > PACKAGE_LIMITS.unpackedBytesMax) throw tooLarge(bytes, PACKAGE_LIMITS.unpackedBytesMax);
		await writer.add(name, new Uint8ArrayReader(content), { unixMode: executable ? 0o100755 : 0o100644 });
		onProgress?.(bytes);
	}
	const zip = await writer.close();
	if (zip.byteLength > PACKAGE_LIMITS.packageBytesMax)
		throw tooLarge(zip.byteLength, PACKAGE_LIMITS.packageBytesMax);
	return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
}

interface FoundFile {
	readonly name: string;
	/** Absolute; a link followed. */
	readonly file: string;
	readonly executable: boolean;
}

/** By name. Links are followed as long as they stay in the folder; a folder that holds itself is refused. */
async function filesOf(folder: string): Promise<readonly FoundFile[]> {
	const root = await realpath(folder);
	const files: FoundFile[] = [];
	await walk(root, '', [root], files, root);
	return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function walk(
	folder: string,
	prefix: string,
	above: readonly string[],
	files: FoundFile[],
	root: string,
): Promise<void> {
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const name = `${prefix}${entry.name}`;
		const item = entry.isSymbolicLink()
			? await followed(path.join(folder, entry.name), name, root)
			: path.join(folder, entry.name);
		const found: Stats = statSync(item);
		if (found.isFile()) {
			files.push({ name, file: item, executable: (found.mode & 0o111) !== 0 });
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

function tooLarge(bytes: number, bytesMax: number): RuntimeError {
	return new RuntimeError('ERR_CODE_TOO_LARGE', `the package has ${bytes} bytes, wanted at most ${bytesMax}`);
}
