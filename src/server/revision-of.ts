import type { Catalog } from '../catalog/catalog.ts';
import type { FunctionRecord, RevisionRecord } from '../catalog/records.ts';

/** A version of a function as the catalog has it. Throws ERR_FUNCTION_NOT_FOUND, ERR_VERSION_NOT_FOUND. */
export function revisionOf(
	{ functions, revisions }: Pick<Catalog, 'functions' | 'revisions'>,
	functionId: number,
	version: string,
): { readonly owner: FunctionRecord; readonly revision: RevisionRecord } {
	const owner = functions.require(functionId);
	const revision = version === 'latest' ? owner.latest : revisions.require(functionId, version);
	return { owner, revision };
}
