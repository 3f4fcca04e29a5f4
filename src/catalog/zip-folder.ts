/**
 * A code folder as the package that a server takes: the same folder gives the same bytes. Names in order, one time for all, modes
 * reduced to whether a file can be executed. Nothing is left out in silence.
 */
import { Uint8ArrayWriter } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import type { Found } from './folder-files.ts';
import { FolderZip } from './folder-zip.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { type PackageChanges, packedFiles } from './packed-files.ts';

export interface ZipFolderOptions extends PackageChanges {
	/** Told how many bytes of files are packed. */
	readonly onProgress?: (bytes: number) => void;
	/** Bytes that the package may have; absent: those that a server takes. */
	readonly packageBytesMax?: number;
}

/** Rejects with ERR_CODE_INVALID, which names the entry, or ERR_CODE_TOO_LARGE. */
export async function zipFolder(folder: string, options: ZipFolderOptions = {}): Promise<Buffer> {
	const { onProgress, packageBytesMax = PACKAGE_LIMITS.packageBytesMax } = options;
	const files = await packedFiles(folder, options);
	judgeUnpackedBytes(files);
	const writer = new BoundedWriter(packageBytesMax);
	const zip = new FolderZip(writer);
	let bytes = 0;
	for (const found of files) {
		const content = await zip.add(found, found.name);
		if (content === null) continue;
		bytes += content.byteLength;
		onProgress?.(bytes);
	}
	await zip.close();
	const whole = await writer.getData();
	return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
}

/** Stops a package that grows too large before it is made. */
class BoundedWriter extends Uint8ArrayWriter {
	readonly #bytesMax: number;
	#bytes = 0;

	constructor(bytesMax: number) {
		super();
		this.#bytesMax = bytesMax;
	}

	override async writeUint8Array(piece: Uint8Array<ArrayBuffer>): Promise<void> {
		this.#bytes += piece.byteLength;
		if (this.#bytes > this.#bytesMax) {
			const message = `the package has more than ${this.#bytesMax} bytes, wanted at most so many`;
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
