/**
 * A zip that is the same for the same content, wherever and whenever it was made: one time for all entries, modes reduced to whether a file
 * can be executed. The caller adds entries in order.
 */
import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { Uint8ArrayReader, type Writer, ZipWriter } from '@zip.js/zip.js';
import { type Found, reading } from './folder-files.ts';

/** The first moment a zip can tell. */
const TIME = new Date(1980, 0, 1);

export class FolderZip {
	readonly #zip: ZipWriter<unknown>;

	constructor(sink: Writer<unknown> | WritableStream) {
		this.#zip = new ZipWriter(sink, {
			useWebWorkers: false,
			extendedTimestamp: false,
			lastModDate: TIME,
			level: 6,
		});
	}

	/** Under another name, say. Answers the bytes of a file, null for what is none. Rejects with ERR_CODE_INVALID, which names the entry. */
	async add(found: Found, name: string): Promise<Uint8Array | null> {
		switch (found.kind) {
			case 'folder':
				await this.#zip.add(`${name}/`, undefined, { directory: true, unixMode: 0o040755 });
				return null;
			case 'link':
				await this.#zip.add(name, new Uint8ArrayReader(Buffer.from(found.target)), { unixMode: 0o120777 });
				return null;
			case 'file': {
				const content = await reading(name, () => readFile(found.file));
				await this.addFile(name, content, found.executable);
				return content;
			}
			default:
				return found satisfies never;
		}
	}

	async addFile(name: string, content: Uint8Array<ArrayBuffer>, executable: boolean): Promise<void> {
		await this.#zip.add(name, new Uint8ArrayReader(content), { unixMode: executable ? 0o100755 : 0o100644 });
	}

	async close(): Promise<void> {
		await this.#zip.close();
	}
}
