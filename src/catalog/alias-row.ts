import type { CatalogDatabase } from './catalog-database.ts';
import type { JsonObject } from './function-config.ts';
import type { AliasRecord } from './records.ts';

interface AliasRow extends Omit<AliasRecord, 'weights' | 'strategy'> {
	readonly weights: string | null;
	readonly strategy: string | null;
}

const SELECT = `SELECT function_id AS functionId, name, version, description, weights, strategy, modified_ms AS modifiedMs
	FROM aliases WHERE function_id = ?`;

/** By name. */
export function aliasesOf(database: CatalogDatabase, functionId: number): readonly AliasRecord[] {
	return database.all<AliasRow>(`${SELECT} ORDER BY name`, functionId).map(aliasOf);
}

export function aliasNamed(database: CatalogDatabase, functionId: number, name: string): AliasRecord | null {
	const row = database.get<AliasRow>(`${SELECT} AND name = ?`, functionId, name);
	return row === undefined ? null : aliasOf(row);
}

/** Besides its main version. */
export function additionalVersions({
	weights,
	strategy,
}: Pick<AliasRecord, 'weights' | 'strategy'>): string[] {
	return [...new Set([...Object.keys(weights ?? {}), ...Object.keys(strategy ?? {})])];
}

function aliasOf({
	functionId,
	name,
	version,
	description,
	weights,
	strategy,
	modifiedMs,
}: AliasRow): AliasRecord {
	return {
		functionId,
		name,
		version,
		description,
		weights: weights === null ? null : (JSON.parse(weights) as Record<string, number>),
		strategy: strategy === null ? null : (JSON.parse(strategy) as JsonObject),
		modifiedMs,
	};
}
