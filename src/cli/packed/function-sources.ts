import { realpathSync } from 'node:fs';
import type { PackedSource } from '../../packed/write-package.ts';
import { findStartFile } from '../../process/code-folder.ts';

export interface FunctionSources {
	readonly sources: readonly PackedSource[];
	/** Of the bundler; empty for none. */
	readonly warnings: string;
}

/** Types are gone when it runs, so nobody can ask for these. */
const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * A code folder as it is packed, under a name. An edge function is bundled: its TypeScript stays behind, and its packages where all are in the
 * bundle. Rejects with ERR_CODE_FOLDER_MISSING, ERR_BOOTSTRAP_*, ERR_EDGE_*.
 */
export async function functionSources(codeRoot: string, name: string): Promise<FunctionSources> {
	const start = findStartFile(codeRoot);
	const folder = realpathSync(codeRoot);
	if (start.kind !== 'entry') return { sources: [{ kind: 'folder', folder, name }], warnings: '' };
	// Loaded by those who need it: most functions have a bootstrap.
	const { portableBundle } = await import('../../edge/portable-bundle.ts');
	const { entry, external } = start;
	const bundle = await portableBundle({ codeRoot: folder, entry, external });
	const leaves = (file: string): boolean => {
		if (file.startsWith('node_modules/')) return bundle.external.length === 0;
		return bundle.files.has(file) || (TYPESCRIPT.test(file) && bundle.inputs.has(file));
	};
	const made = [...bundle.files].map(
		([file, content]) => ({ kind: 'file', name: `${name}/${file}`, content }) as const,
	);
	return { sources: [{ kind: 'folder', folder, name, leaves }, ...made], warnings: bundle.warnings };
}
