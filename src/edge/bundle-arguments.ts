/** How esbuild is told to bundle an edge function. */
import { bundleHeader } from '../contract/edge-program.ts';

export interface BundleInput {
	/** Relative to the code root, which is the working directory. */
	readonly entry: string;
	/** Packages that are left to the function's own node_modules. */
	readonly external: readonly string[];
	/** Absolute path of the folder that index.mjs, its source map and what it needs are written to. */
	readonly folder: string;
	/** Absolute path of what stands for the module `bun`. */
	readonly bunModule: string;
	/** Absolute path of the list of inputs that is to be written. */
	readonly metafile: string;
}

/** Files that are imported as text. */
const TEXTS = ['.txt', '.html', '.md', '.sql', '.graphql'];

/** What of a module's surroundings is no more in a bundle: it is that of the entry. */
const SURROUNDINGS = {
	'import.meta.url': '__httpfn_url',
	'import.meta.filename': '__httpfn_filename',
	'import.meta.dirname': '__httpfn_dirname',
	'import.meta.env': '__httpfn_process.env',
	'import.meta.main': 'true',
	__filename: '__httpfn_filename',
	__dirname: '__httpfn_dirname',
};

export function bundleArguments(input: BundleInput): readonly string[] {
	return [
		input.entry.startsWith('-') ? `./${input.entry}` : input.entry,
		...['--bundle', '--format=esm', '--platform=node', '--target=node18', '--charset=utf8'],
		...[`--outdir=${input.folder}`, '--entry-names=index', '--out-extension:.js=.mjs'],
		...['--sourcemap=linked', '--sources-content=false', '--legal-comments=none'],
		...['--log-level=warning', '--color=false', `--metafile=${input.metafile}`],
		...TEXTS.map((name) => `--loader:${name}=text`),
		...['--loader:.wasm=binary', '--loader:.node=copy'],
		...[`--alias:bun=${input.bunModule}`, '--external:bun:*'],
		...input.external.map((name) => `--external:${name}`),
		...Object.entries(SURROUNDINGS).map(([name, value]) => `--define:${name}=${value}`),
		`--banner:js=${banner(input.entry)}`,
	];
}

/** The header's line is replaced when it is known which globals are named; the lines after it stay where they are. */
function banner(entry: string): string {
	return [
		bundleHeader({ entry, globals: [] }),
		"import { createRequire as __httpfn_createRequire } from 'node:module';",
		"import __httpfn_path from 'node:path';",
		"import __httpfn_process from 'node:process';",
		"import { pathToFileURL as __httpfn_pathToFileURL } from 'node:url';",
		// What is left external is looked for from here, addons that were copied lie here.
		'const require = __httpfn_createRequire(import.meta.url);',
		`const __httpfn_filename = __httpfn_path.resolve(${JSON.stringify(entry)});`,
		'const __httpfn_dirname = __httpfn_path.dirname(__httpfn_filename);',
		'const __httpfn_url = __httpfn_pathToFileURL(__httpfn_filename).href;',
	].join('\n');
}
