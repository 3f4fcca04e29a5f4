/**
 * Edge functions: a folder that holds a fetch handler and no `bootstrap`, for which httpfn supplies the start (ours). What is run is
 * one ES module, made of the entry and all it imports.
 */

/** A bundle that can be run. */
export interface EdgeProgram {
	/** Absolute path of the module on the host; beside it lies what it needs. */
	readonly bundle: string;
}

/** What the bundle tells of itself, in a comment at its beginning. */
export interface BundleHeader {
	/** Path of the entry, relative to the code root. */
	readonly entry: string;
	/** Globals of other engines that the author's own files name. */
	readonly globals: readonly EdgeGlobal[];
}

export const EDGE_GLOBALS = ['Bun', 'Deno'] as const;
export type EdgeGlobal = (typeof EDGE_GLOBALS)[number];

/** The first of these names that is there is the entry, unless package.json names another. */
export const ENTRY_NAMES = ['index.ts', 'index.tsx', 'index.mts', 'index.js', 'index.mjs'] as const;

/** What `httpfn bootstrap` writes beside the file `bootstrap`, relative to the code root. */
export const WRITTEN_FOLDER = '.httpfn';
export const WRITTEN_BUNDLE = `${WRITTEN_FOLDER}/index.mjs`;
/** What stands for httpfn where there is none: a program for Node.js. */
export const WRITTEN_HOST = `${WRITTEN_FOLDER}/host.mjs`;

/** The first line of a bootstrap that `httpfn bootstrap` wrote: httpfn runs the bundle itself. */
export const WRITTEN_MARK = '# httpfn edge 1';

/** Bun takes a module that begins so as it is, with its source map. */
const FIRST_LINE = '// @bun';
const HEADER_MARK = '// httpfn edge ';

/** Two lines, without a line end after the last. */
export function bundleHeader(header: BundleHeader): string {
	return `${FIRST_LINE}\n${HEADER_MARK}${JSON.stringify(header)}`;
}

/** Of the beginning of a bundle; null where it is none. */
export function parseBundleHeader(text: string): BundleHeader | null {
	const line = text.split('\n', 2)[1] ?? '';
	if (!line.startsWith(HEADER_MARK)) return null;
	try {
		const { entry, globals } = JSON.parse(line.slice(HEADER_MARK.length)) as Partial<BundleHeader>;
		if (typeof entry !== 'string' || !Array.isArray(globals)) return null;
		return { entry, globals: EDGE_GLOBALS.filter((name) => globals.includes(name)) };
	} catch {
		return null;
	}
}

/** For the platform, which has no httpfn: its newest Node.js runs the bundle. */
export function writtenBootstrap(): string {
	return [
		WRITTEN_MARK,
		'# Written by httpfn bootstrap, which writes it anew. httpfn itself runs the bundle without Node.js.',
		`exec /opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node ${WRITTEN_HOST} ${WRITTEN_BUNDLE}`,
		'',
	].join('\n');
}

/** Whether a bootstrap is one that `httpfn bootstrap` wrote. */
export function isWrittenBootstrap(text: string): boolean {
	return text.startsWith(`${WRITTEN_MARK}\n`);
}
