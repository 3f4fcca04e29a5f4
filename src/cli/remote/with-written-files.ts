import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { PackageChanges } from '../../catalog/packed-files.ts';
import type { EdgeSource } from '../../edge/bundle-store.ts';
import { placeFiles } from '../../edge/place-files.ts';
import { usingTemporary } from '../../edge/using-temporary.ts';
import { writtenFiles } from '../../edge/written-files.ts';
import type { DescriptorSink } from '../../telemetry/descriptor-sink.ts';

/**
 * Has an edge function's folder packed with what `httpfn bootstrap` would write into it; the folder itself stays as it is. Its
 * node_modules is in the bundle, and packed only where the bundle leaves something to it. Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER.
 */
export async function withWrittenFiles<T>(
	source: EdgeSource,
	stderr: DescriptorSink,
	use: (changes: PackageChanges) => Promise<T>,
): Promise<T> {
	const { files, external, warnings } = await writtenFiles(source);
	if (warnings !== '') stderr.writeText(`${warnings}\n`);
	return usingTemporary(async (folder) => {
		await placeFiles(files, folder);
		const added = [...files].map(([name, { byteLength: bytes }]) => {
			return { kind: 'file', name, file: path.join(folder, name), bytes, executable: false } as const;
		});
		const left = external.length === 0 && (await hasPackages(source.codeRoot)) ? ['node_modules'] : [];
		if (left.length > 0) stderr.writeText('httpfn: node_modules is bundled, and not sent\n');
		return use({ added, left });
	});
}

async function hasPackages(codeRoot: string): Promise<boolean> {
	return stat(path.join(codeRoot, 'node_modules')).then(
		() => true,
		() => false,
	);
}
