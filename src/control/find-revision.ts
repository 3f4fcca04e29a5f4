import type { FunctionRecord, RevisionRecord } from '../catalog/records.ts';
import { RuntimeError } from '../contract/errors.ts';
import { findFunction } from './find-function.ts';
import type { Call } from './operation.ts';

/** The version that the path of a call names, itself or by an alias. Throws as findFunction, ERR_VERSION_NOT_FOUND, ERR_ALIAS_NOT_FOUND. */
export function findRevision(call: Pick<Call, 'context' | 'parameters'>): {
	readonly record: FunctionRecord;
	readonly revision: RevisionRecord;
} {
	const { record, qualifier } = findFunction(call);
	const { aliases, revisions } = call.context.catalog;
	let version = qualifier;
	if (qualifier.startsWith('!')) {
		const name = qualifier.slice(1);
		const alias = aliases.find(record.id, name);
		if (alias === null) throw new RuntimeError('ERR_ALIAS_NOT_FOUND', `${record.name} has no alias ${name}`);
		version = alias.version;
	}
	const revision = version === 'latest' ? record.latest : revisions.find(record.id, version);
	if (revision !== null) return { record, revision };
	throw new RuntimeError('ERR_VERSION_NOT_FOUND', `${record.name} has no version ${version}`);
}
