import type { FunctionRecord, RevisionRecord } from '../catalog/records.ts';
import { findFunction } from './find-function.ts';
import type { Call } from './operation.ts';

/** The version that the path of a call names, itself or by an alias. Throws as findFunction, ERR_VERSION_NOT_FOUND, ERR_ALIAS_NOT_FOUND. */
export function findRevision(call: Pick<Call, 'context' | 'parameters'>): {
	readonly record: FunctionRecord;
	readonly revision: RevisionRecord;
} {
	const { record, qualifier } = findFunction(call);
	const { aliases, revisions } = call.context.catalog;
	const version = qualifier.startsWith('!')
		? aliases.require(record.id, qualifier.slice(1)).version
		: qualifier;
	const revision = version === 'latest' ? record.latest : revisions.require(record.id, version);
	return { record, revision };
}
