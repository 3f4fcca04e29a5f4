/** What is added to the folder of an edge function so that it runs where there is no httpfn. */
import { WRITTEN_HOST, writtenBootstrap } from '../contract/edge-program.ts';
import type { EdgeSource } from './bundle-store.ts';
import { openBundler } from './bundler-program.ts';
import { type CodeBundle, codeBundle } from './code-bundle.ts';
import { nodeHostText } from './node-host-text.ts';

/** `bootstrap` is the last of the files. */
export type WrittenFiles = Omit<CodeBundle, 'inputs'>;

/** Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
export async function writtenFiles(source: EdgeSource): Promise<WrittenFiles> {
	const bundler = await openBundler();
	try {
		const { files: bundled, external, warnings } = await codeBundle(source, bundler);
		const host = Buffer.from(await nodeHostText(bundler));
		const bootstrap = Buffer.from(writtenBootstrap());
		const files = new Map([...bundled, [WRITTEN_HOST, host], ['bootstrap', bootstrap]]);
		return { files, external, warnings };
	} finally {
		await bundler.close();
	}
}
