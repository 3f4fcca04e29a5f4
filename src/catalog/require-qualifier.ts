import { aliasNamed } from './alias-row.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import { aliasNotFound, functionNotFound, versionNotFound } from './not-found.ts';

/** Throws ERR_VERSION_NOT_FOUND or ERR_ALIAS_NOT_FOUND where the qualifier names nothing, ERR_FUNCTION_NOT_FOUND. */
export function requireQualifier(database: CatalogDatabase, functionId: number, qualifier: string): void {
	if (database.get(`SELECT 1 FROM functions WHERE id = ?`, functionId) === undefined)
		throw functionNotFound();
	if (qualifier.startsWith('!')) {
		const name = qualifier.slice(1);
		if (aliasNamed(database, functionId, name) === null) throw aliasNotFound(name);
		return;
	}
	const found = database.get(
		`SELECT 1 FROM revisions WHERE function_id = ? AND version = ?`,
		functionId,
		qualifier,
	);
	if (found === undefined) throw versionNotFound(qualifier);
}
