import type { FunctionConfig } from './function-config.ts';
import type { CodeRecord, RevisionRecord } from './records.ts';

/** A row of `revisions`, as the columns below tell it. */
export interface RevisionRow {
	readonly functionId: number;
	readonly sequence: number;
	readonly version: string;
	readonly description: string;
	readonly config: string;
	readonly codeType: CodeRecord['type'];
	readonly codeFilename: string;
	readonly codeBytes: number;
	readonly codeDigest: string;
	readonly modifiedMs: number;
}

export const REVISION_COLUMNS = `r.function_id AS functionId, r.sequence, r.version, r.description, r.config,
	r.code_type AS codeType, r.code_filename AS codeFilename, r.code_bytes AS codeBytes, r.code_digest AS codeDigest,
	r.modified_ms AS modifiedMs`;

export function revisionOf(row: RevisionRow): RevisionRecord {
	return {
		functionId: row.functionId,
		version: row.version,
		description: row.description,
		config: JSON.parse(row.config) as FunctionConfig,
		code: { type: row.codeType, filename: row.codeFilename, bytes: row.codeBytes, digest: row.codeDigest },
		modifiedMs: row.modifiedMs,
	};
}
