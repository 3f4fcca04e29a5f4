/** Replaced when the executable is built; absent in a run from source. */
declare const HTTPFN_BUILD: { readonly version: string; readonly commit: string } | undefined;

const SOURCE_BUILD = { version: '0.0.0-source', commit: 'unknown' };

/** What this executable was built from. */
export function productVersion(): { readonly version: string; readonly commit: string } {
	return typeof HTTPFN_BUILD === 'undefined' ? SOURCE_BUILD : HTTPFN_BUILD;
}
