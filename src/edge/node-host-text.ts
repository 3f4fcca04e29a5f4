import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RuntimeError } from '../contract/errors.ts';
import { outputOf } from '../process/output-of.ts';
import type { BundlerProgram } from './bundler-program.ts';
import { NODE_HOST_ARGUMENTS } from './node-host-arguments.ts';
import { usingTemporary } from './using-temporary.ts';

/** Put in by the build: src/cli/edge-host-main.ts, bundled. */
declare const HTTPFN_EDGE_NODE_HOST: string | undefined;

const HOST_MS_MAX = 60_000;

/** The program for Node.js that serves a bundle. A run from source makes it now. */
export async function nodeHostText(bundler: BundlerProgram): Promise<string> {
	if (typeof HTTPFN_EDGE_NODE_HOST === 'string') return HTTPFN_EDGE_NODE_HOST;
	return usingTemporary(async (folder) => {
		const output = path.join(folder, 'host.mjs');
		const entry = fileURLToPath(new URL('../cli/edge-host-main.ts', import.meta.url));
		const args = [entry, ...NODE_HOST_ARGUMENTS, `--outfile=${output}`];
		const done = await outputOf({ command: bundler.path, args, cwd: folder, environment: {} }, HOST_MS_MAX);
		if (done.code !== 0)
			throw new RuntimeError('ERR_EDGE_BUNDLER', `Could not bundle the host: ${done.stderr}`);
		return readFile(output, 'utf8');
	});
}
