import type { CatalogDatabase } from './catalog-database.ts';

/** Triggers and reserved instances of a version or an alias that goes; within the transaction that lets it go. */
export function removeQualifier(database: CatalogDatabase, functionId: number, qualifier: string): void {
	database.run(`DELETE FROM triggers WHERE function_id = ? AND qualifier = ?`, functionId, qualifier);
	database.run(`DELETE FROM reserved WHERE function_id = ? AND qualifier = ?`, functionId, qualifier);
}
