import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase, SqlValue } from './catalog-database.ts';
import type { FunctionConfig } from './function-config.ts';
import { functionNotFound } from './not-found.ts';
import type { CodeRecord, FunctionKey, FunctionRecord } from './records.ts';
import { REVISION_COLUMNS, type RevisionRow, revisionOf } from './revision-row.ts';
import { addToTotals } from './totals.ts';

export interface FunctionQuery {
	readonly project: string;
	readonly package?: string;
	/** A part of the name. */
	readonly name?: string;
	/** The marker that the page before this one told; 0: the first page. */
	readonly afterId: number;
	/** At least 1. */
	readonly limit: number;
}

export interface FunctionPage {
	readonly records: readonly FunctionRecord[];
	/** `afterId` of the next page; 0: there is none. */
	readonly nextMarker: number;
	/** Of all functions that match, on whatever page. */
	readonly count: number;
}

interface FunctionRow extends FunctionKey, RevisionRow {
	readonly id: number;
	readonly resourceId: string;
	readonly createdMs: number;
}

const SELECT = `SELECT f.id, f.project, f.package, f.name, f.resource_id AS resourceId, f.created_ms AS createdMs,
	${REVISION_COLUMNS} FROM functions f JOIN revisions r ON r.function_id = f.id AND r.sequence = 1`;

export class FunctionStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_FUNCTION_EXISTS. */
	create(key: FunctionKey, config: FunctionConfig, code: CodeRecord): FunctionRecord {
		const nowMs = Date.now();
		const { project, package: app, name } = key;
		const id = this.#database.transaction(() => {
			this.requireFree(key);
			const row = this.#database.get<{ id: number }>(
				`INSERT INTO functions (project, package, name, resource_id, created_ms) VALUES (?, ?, ?, ?, ?) RETURNING id`,
				project,
				app,
				name,
				crypto.randomUUID().replaceAll('-', ''),
				nowMs,
			);
			const made = row?.id ?? 0;
			this.#database.run(
				`INSERT INTO revisions (function_id, sequence, version, description, config, code_type, code_filename, code_bytes,
					code_digest, modified_ms) VALUES (?, 1, 'latest', '', ?, ?, ?, ?, ?, ?)`,
				made,
				JSON.stringify(config),
				code.type,
				code.filename,
				code.bytes,
				code.digest,
				nowMs,
			);
			addToTotals(this.#database, made, { functions: 1, codeBytes: code.bytes });
			return made;
		});
		return this.#changed(id);
	}

	find({ project, package: app, name }: FunctionKey): FunctionRecord | null {
		return this.#one(`${SELECT} WHERE f.project = ? AND f.package = ? AND f.name = ?`, project, app, name);
	}

	/** Throws ERR_FUNCTION_EXISTS where there is a function of this name. */
	requireFree(key: FunctionKey): void {
		if (this.find(key) === null) return;
		const found = `there is a function ${key.name} in ${key.package} of project ${key.project}`;
		throw new RuntimeError('ERR_FUNCTION_EXISTS', `${found}, wanted a name that is free`);
	}

	/** The one that was made last; null: there is none. */
	newest(): FunctionRecord | null {
		return this.#one(`${SELECT} ORDER BY f.id DESC LIMIT 1`);
	}

	byId(id: number): FunctionRecord | null {
		return this.#one(`${SELECT} WHERE f.id = ?`, id);
	}

	/** The same. Throws ERR_FUNCTION_NOT_FOUND where there is none. */
	require(id: number): FunctionRecord {
		const record = this.byId(id);
		if (record === null) throw functionNotFound();
		return record;
	}

	byResourceId(project: string, resourceId: string): FunctionRecord | null {
		return this.#one(`${SELECT} WHERE f.resource_id = ? AND f.project = ?`, resourceId, project);
	}

	/** Oldest first. A page costs the same wherever it stands. */
	list(query: FunctionQuery): FunctionPage {
		const { project, package: app, name, afterId, limit } = query;
		const where = `f.project = ?${app === undefined ? '' : ' AND f.package = ?'}`;
		const part = name === undefined ? '' : ' AND instr(f.name, ?) > 0';
		const values: SqlValue[] = app === undefined ? [project] : [project, app];
		const matching = name === undefined ? values : [...values, name];
		const rows = this.#database.all<FunctionRow>(
			`${SELECT} WHERE ${where}${part} AND f.id > ? ORDER BY f.id LIMIT ?`,
			...matching,
			afterId,
			limit + 1,
		);
		const records = rows.slice(0, limit).map(functionOf);
		const counted = this.#database.get<{ count: number }>(
			name === undefined
				? `SELECT coalesce(sum(f.functions), 0) AS count FROM totals f WHERE ${where}`
				: `SELECT count(*) AS count FROM functions f WHERE ${where}${part}`,
			...matching,
		);
		const nextMarker = rows.length > limit ? (records.at(-1)?.id ?? 0) : 0;
		return { records, nextMarker, count: counted?.count ?? 0 };
	}

	/** Of the version `latest`. Throws ERR_FUNCTION_NOT_FOUND. */
	updateConfig(id: number, config: FunctionConfig): FunctionRecord {
		const changed = this.#database.run(
			`UPDATE revisions SET config = ?, modified_ms = ? WHERE function_id = ? AND sequence = 1`,
			JSON.stringify(config),
			Date.now(),
			id,
		);
		if (changed === 0) throw functionNotFound();
		return this.#changed(id);
	}

	/** Of the version `latest`. Throws ERR_FUNCTION_NOT_FOUND. */
	updateCode(id: number, code: CodeRecord): FunctionRecord {
		this.#database.transaction(() => {
			const before = this.require(id);
			this.#database.run(
				`UPDATE revisions SET code_type = ?, code_filename = ?, code_bytes = ?, code_digest = ?, modified_ms = ?
					WHERE function_id = ? AND sequence = 1`,
				code.type,
				code.filename,
				code.bytes,
				code.digest,
				Date.now(),
				id,
			);
			addToTotals(this.#database, id, { functions: 0, codeBytes: code.bytes - before.latest.code.bytes });
		});
		return this.#changed(id);
	}

	/** With its versions, aliases, triggers and all else that belongs to it. Throws ERR_FUNCTION_NOT_FOUND. */
	remove(id: number): void {
		this.#database.transaction(() => {
			const held = this.#database.get<{ bytes: number }>(
				`SELECT sum(code_bytes) AS bytes FROM revisions WHERE function_id = ? HAVING count(*) > 0`,
				id,
			);
			if (held === undefined) throw functionNotFound();
			addToTotals(this.#database, id, { functions: -1, codeBytes: -held.bytes });
			this.#database.run(`DELETE FROM functions WHERE id = ?`, id);
		});
		this.#changes.tell({ kind: 'removed', functionId: id });
	}

	count(project: string): number {
		const row = this.#database.get<{ count: number }>(
			`SELECT coalesce(sum(functions), 0) AS count FROM totals WHERE project = ?`,
			project,
		);
		return row?.count ?? 0;
	}

	/** Bytes of the packages of all versions; one that several versions have counts for each. */
	codeBytes(project: string): number {
		const row = this.#database.get<{ bytes: number }>(
			`SELECT coalesce(sum(code_bytes), 0) AS bytes FROM totals WHERE project = ?`,
			project,
		);
		return row?.bytes ?? 0;
	}

	#one(sql: string, ...values: SqlValue[]): FunctionRecord | null {
		const row = this.#database.get<FunctionRow>(sql, ...values);
		return row === undefined ? null : functionOf(row);
	}

	#changed(id: number): FunctionRecord {
		const record = this.require(id);
		this.#changes.tell({ kind: 'function', functionId: id });
		return record;
	}
}

function functionOf(row: FunctionRow): FunctionRecord {
	const { id, project, package: app, name, resourceId, createdMs } = row;
	return { id, project, package: app, name, resourceId, createdMs, latest: revisionOf(row) };
}
