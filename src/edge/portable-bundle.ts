/** What is packed of an edge function: it is run by the httpfn that it is packed with. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { WRITTEN_BUNDLE, WRITTEN_MARK } from '../contract/edge-program.ts';
import type { EdgeSource } from './bundle-store.ts';
import { openBundler } from './bundler-program.ts';
import { type CodeBundle, codeBundle } from './code-bundle.ts';

export interface PortableBundle extends Omit<CodeBundle, 'inputs'> {
	/** Names in the code root of what went into the bundle. */
	readonly inputs: ReadonlySet<string>;
}

/** For machines on which httpfn is not what starts it: there httpfn has to be on the PATH. */
const BOOTSTRAP = `${WRITTEN_MARK}\nexec httpfn edge-host ${WRITTEN_BUNDLE}\n`;

/** Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
export async function portableBundle(source: EdgeSource): Promise<PortableBundle> {
	const codeRoot = await realpath(source.codeRoot);
	const bundler = await openBundler();
	try {
		const bundle = await codeBundle(source, bundler);
		const files = new Map([['bootstrap', Buffer.from(BOOTSTRAP)], ...bundle.files]);
		const inputs = new Set(bundle.inputs.map((file) => path.relative(codeRoot, file)));
		return { ...bundle, files, inputs };
	} finally {
		await bundler.close();
	}
}
