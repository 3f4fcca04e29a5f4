/** A zip of these files, by name and text, as any tool makes one. */
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

export async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
	const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
	for (const [name, text] of Object.entries(files)) await writer.add(name, new TextReader(text));
	return Buffer.from(await writer.close());
}
