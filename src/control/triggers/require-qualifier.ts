import type { Catalog } from '../../catalog/catalog.ts';
import type { FunctionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';

/** Throws ERR_VERSION_NOT_FOUND or ERR_ALIAS_NOT_FOUND where the function has no such version or alias. */
export function requireQualifier(catalog: Catalog, record: FunctionRecord, qualifier: string): void {
	if (qualifier === 'latest') return;
	if (qualifier.startsWith('!')) {
		const alias = qualifier.slice(1);
		if (catalog.aliases.find(record.id, alias) !== null) return;
		throw new RuntimeError('ERR_ALIAS_NOT_FOUND', `${record.name} has no alias ${alias}`);
	}
	if (catalog.revisions.find(record.id, qualifier) !== null) return;
	throw new RuntimeError('ERR_VERSION_NOT_FOUND', `${record.name} has no version ${qualifier}`);
}
