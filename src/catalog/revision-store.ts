import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';
import { additionalVersions, aliasesOf } from './alias-row.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { FunctionConfig } from './function-config.ts';
import { functionNotFound, versionNotFound } from './not-found.ts';
import type { RevisionRecord } from './records.ts';
import { removeQualifier } from './remove-qualifier.ts';
import { REVISION_COLUMNS, type RevisionRow, revisionOf } from './revision-row.ts';
import { addToTotals } from './totals.ts';

export interface RevisionPage {
	readonly records: readonly RevisionRecord[];
	/** `after` of the next page; 0: there is none. */
	readonly nextMarker: number;
	/** Of all versions, `latest` included. */
	readonly count: number;
}

export interface Publication {
	/** Absent: `v1`, `v2`, … by how many were ever published. */
	readonly version?: string;
	readonly description: string;
	/** SHA-512 that the code is expected to have, hexadecimal. */
	readonly digest?: string;
}

const SELECT = `SELECT ${REVISION_COLUMNS} FROM revisions r WHERE r.function_id = ?`;

export class RevisionStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** `latest` too. */
	find(functionId: number, version: string): RevisionRecord | null {
		const row = this.#database.get<RevisionRow>(`${SELECT} AND r.version = ?`, functionId, version);
		return row === undefined ? null : revisionOf(row);
	}

	/** The same. Throws ERR_VERSION_NOT_FOUND where there is none. */
	require(functionId: number, version: string): RevisionRecord {
		const record = this.find(functionId, version);
		if (record === null) throw versionNotFound(version);
		return record;
	}

	/** `latest`, then the published ones in the order they were published. */
	list(functionId: number, page: { readonly after: number; readonly limit: number }): RevisionPage {
		const { after, limit } = page;
		const rows = this.#database.all<RevisionRow>(
			`${SELECT} AND r.sequence > ? ORDER BY r.sequence LIMIT ?`,
			functionId,
			after,
			limit + 1,
		);
		const shown = rows.slice(0, limit);
		const nextMarker = rows.length > limit ? (shown.at(-1)?.sequence ?? 0) : 0;
		return { records: shown.map(revisionOf), nextMarker, count: this.count(functionId) };
	}

	/** `latest` included. */
	count(functionId: number): number {
		const row = this.#database.get<{ count: number }>(
			`SELECT count(*) AS count FROM revisions WHERE function_id = ?`,
			functionId,
		);
		return row?.count ?? 0;
	}

	/** Of all code that some version of some function has. */
	digests(): ReadonlySet<string> {
		const rows = this.#database.all<{ digest: string }>(
			`SELECT DISTINCT code_digest AS digest FROM revisions`,
		);
		return new Set(rows.map(({ digest }) => digest));
	}

	/**
	 * Makes a version of what `latest` is now. Throws ERR_VERSION_EXISTS; ERR_VERSION_UNCHANGED where the newest published version
	 * has the same configuration and code; ERR_BODY_INVALID where the code has another digest than expected.
	 */
	publish(functionId: number, publication: Publication): RevisionRecord {
		const published = this.#database.transaction(() => {
			const latest = this.find(functionId, 'latest');
			if (latest === null) throw functionNotFound();
			judgeDigest(latest, publication.digest);
			this.#judgeChanged(latest);
			const counted = this.#database.get<{ sequence: number }>(
				`UPDATE functions SET sequence = sequence + 1 WHERE id = ? RETURNING sequence`,
				functionId,
			);
			const sequence = counted?.sequence ?? 0;
			const version = publication.version ?? this.#freeName(functionId, sequence - 1);
			if (this.find(functionId, version) !== null) {
				const message = `the function has a version ${version}, wanted a name that is free`;
				throw new RuntimeError('ERR_VERSION_EXISTS', message);
			}
			this.#database.run(
				`INSERT INTO revisions (function_id, sequence, version, description, config, code_type, code_filename, code_bytes,
					code_digest, modified_ms) SELECT function_id, ?, ?, ?, config, code_type, code_filename, code_bytes, code_digest, ?
					FROM revisions WHERE function_id = ? AND sequence = 1`,
				sequence,
				version,
				publication.description,
				Date.now(),
				functionId,
			);
			addToTotals(this.#database, functionId, { functions: 0, codeBytes: latest.code.bytes });
			return this.require(functionId, version);
		});
		this.#changes.tell({ kind: 'function', functionId });
		return published;
	}

	/**
	 * With the alias that leads to it, and the triggers and reserved instances of both. Throws ERR_VERSION_NOT_FOUND;
	 * ERR_VERSION_IN_USE for `latest`, and where it is the additional version of an alias.
	 */
	remove(functionId: number, version: string): void {
		this.#database.transaction(() => {
			const found = this.require(functionId, version);
			if (version === 'latest') {
				const message = 'the version latest can not be deleted, wanted another one, or the whole function';
				throw new RuntimeError('ERR_VERSION_IN_USE', message);
			}
			const aliases = aliasesOf(this.#database, functionId);
			const user = aliases.find((alias) => additionalVersions(alias).includes(version));
			if (user !== undefined) {
				const message = `${version} is the additional version of alias ${user.name}, wanted one that no alias uses so`;
				throw new RuntimeError('ERR_VERSION_IN_USE', message);
			}
			for (const alias of aliases) {
				if (alias.version === version) removeQualifier(this.#database, functionId, `!${alias.name}`);
			}
			this.#database.run(`DELETE FROM aliases WHERE function_id = ? AND version = ?`, functionId, version);
			removeQualifier(this.#database, functionId, version);
			this.#database.run(`DELETE FROM revisions WHERE function_id = ? AND version = ?`, functionId, version);
			addToTotals(this.#database, functionId, { functions: 0, codeBytes: -found.code.bytes });
		});
		this.#changes.tell({ kind: 'function', functionId });
	}

	#judgeChanged(latest: RevisionRecord): void {
		const row = this.#database.get<RevisionRow>(
			`${SELECT} AND r.sequence > 1 ORDER BY r.sequence DESC LIMIT 1`,
			latest.functionId,
		);
		if (row === undefined) return;
		const newest = revisionOf(row);
		const same = newest.code.digest === latest.code.digest && isSame(newest.config, latest.config);
		if (!same) return;
		const message = `code and configuration are those of version ${newest.version}, wanted a change since`;
		throw new RuntimeError('ERR_VERSION_UNCHANGED', message);
	}

	#freeName(functionId: number, number: number): string {
		const name = `v${number}`;
		return this.find(functionId, name) === null ? name : this.#freeName(functionId, number + 1);
	}
}

/** However the fields are ordered. */
function isSame(one: FunctionConfig, other: FunctionConfig): boolean {
	return process.getBuiltinModule('node:util').isDeepStrictEqual(one, other);
}

function judgeDigest({ code }: RevisionRecord, digest: string | undefined): void {
	if (digest === undefined || digest.toLowerCase() === code.digest) return;
	const message = `digest is ${digest.slice(0, 128)}, the code has ${code.digest}: it is not the code that was expected`;
	throw new RuntimeError('ERR_BODY_INVALID', message);
}
