/** Files that the build put into this executable. */
import { Buffer } from 'node:buffer';

interface EmbeddedBlob {
	readonly name: string;
	arrayBuffer(): Promise<ArrayBuffer>;
}

interface Sea {
	isSea(): boolean;
	getRawAsset(name: string): ArrayBuffer;
}

/** The bytes of the one of that name; null where there is none, as in a run from source. */
export async function embeddedFile(name: string): Promise<Buffer | null> {
	const { Bun } = globalThis as { readonly Bun?: { readonly embeddedFiles: readonly EmbeddedBlob[] } };
	if (Bun !== undefined) {
		// Its compiler puts a digest between name and extension.
		const found = Bun.embeddedFiles.find((file) => file.name === name || file.name.startsWith(`${name}-`));
		return found === undefined ? null : Buffer.from(await found.arrayBuffer());
	}
	const sea = process.getBuiltinModule?.('node:sea') as Sea | undefined;
	if (sea?.isSea() !== true) return null;
	try {
		return Buffer.from(sea.getRawAsset(name));
	} catch {
		return null;
	}
}
