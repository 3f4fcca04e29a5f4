import type { CatalogDatabase } from './catalog-database.ts';

/** Within the transaction that makes or removes functions or revisions of the one that `functionId` names. */
export function addToTotals(
	database: CatalogDatabase,
	functionId: number,
	{ functions, codeBytes }: { readonly functions: number; readonly codeBytes: number },
): void {
	database.run(
		`INSERT INTO totals (project, package, functions, code_bytes) SELECT project, package, ?, ? FROM functions WHERE id = ?
			ON CONFLICT DO UPDATE SET functions = functions + excluded.functions, code_bytes = code_bytes + excluded.code_bytes`,
		functions,
		codeBytes,
		functionId,
	);
}
