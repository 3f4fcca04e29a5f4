import { shortened } from '../base/shortened.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { AuthorizerIdentity, AuthorizerRecord } from './app-records.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';

interface AuthorizerRow extends Omit<AuthorizerRecord, 'identities'> {
	readonly identities: string;
}

const SELECT = `SELECT id, project, name, function_urn AS functionUrn, identities, ttl_seconds AS ttlSeconds, user_data AS userData,
	created_ms AS createdMs, modified_ms AS modifiedMs FROM authorizers`;

/** Functions of one's own that say who may call an API. */
export class AuthorizerStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_AUTHORIZER_EXISTS by its name. */
	create(given: Omit<AuthorizerRecord, 'createdMs' | 'modifiedMs'>): AuthorizerRecord {
		const nowMs = Date.now();
		const record = { ...given, createdMs: nowMs, modifiedMs: nowMs };
		this.#change(() => {
			this.#judgeFree(record);
			this.#database.run(
				`INSERT INTO authorizers (name, function_urn, identities, ttl_seconds, user_data, modified_ms, project, created_ms, id)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				...valuesOf(record),
				record.project,
				record.createdMs,
				record.id,
			);
		});
		return record;
	}

	find(id: string): AuthorizerRecord | null {
		const row = this.#database.get<AuthorizerRow>(`${SELECT} WHERE id = ?`, id);
		return row === undefined ? null : authorizerOf(row);
	}

	/** Throws ERR_AUTHORIZER_NOT_FOUND, also for one of another project. */
	require(project: string, id: string): AuthorizerRecord {
		const record = this.find(id);
		if (record === null || record.project !== project) {
			throw new RuntimeError('ERR_AUTHORIZER_NOT_FOUND', `there is no authorizer ${shortened(id, 64)}`);
		}
		return record;
	}

	/** By name. */
	list(project: string): readonly AuthorizerRecord[] {
		return this.#database
			.all<AuthorizerRow>(`${SELECT} WHERE project = ? ORDER BY name`, project)
			.map(authorizerOf);
	}

	/** Throws ERR_AUTHORIZER_NOT_FOUND, ERR_AUTHORIZER_EXISTS. */
	update(
		project: string,
		id: string,
		changes: Partial<Omit<AuthorizerRecord, 'id' | 'project' | 'createdMs' | 'modifiedMs'>>,
	): AuthorizerRecord {
		return this.#change(() => {
			const record = { ...this.require(project, id), ...changes, modifiedMs: Date.now() };
			this.#judgeFree(record);
			this.#database.run(
				`UPDATE authorizers SET name = ?, function_urn = ?, identities = ?, ttl_seconds = ?, user_data = ?, modified_ms = ?
					WHERE id = ?`,
				...valuesOf(record),
				id,
			);
			return record;
		});
	}

	/** Throws ERR_AUTHORIZER_NOT_FOUND, ERR_AUTHORIZER_IN_USE where a trigger names it. */
	remove(project: string, id: string): void {
		this.#change(() => {
			const { name } = this.require(project, id);
			const sql = "SELECT id FROM triggers WHERE auth = 'AUTHORIZER' AND event_data ->> 'authorizer_id' = ?";
			const user = this.#database.get<{ id: string }>(sql, id);
			if (user !== undefined) {
				const message = `trigger ${user.id} asks the authorizer ${name}: change or delete it first`;
				throw new RuntimeError('ERR_AUTHORIZER_IN_USE', message);
			}
			this.#database.run('DELETE FROM authorizers WHERE id = ?', id);
		});
	}

	#judgeFree({ id, project, name }: AuthorizerRecord): void {
		const sql = 'SELECT 1 FROM authorizers WHERE id <> ? AND project = ? AND name = ?';
		if (this.#database.get(sql, id, project, name) === undefined) return;
		throw new RuntimeError('ERR_AUTHORIZER_EXISTS', `there is an authorizer ${name}; wanted another name`);
	}

	#change<T>(work: () => T): T {
		const result = this.#database.transaction(work);
		this.#changes.tell({ kind: 'app', functionId: 0 });
		return result;
	}
}

function valuesOf({ name, functionUrn, identities, ttlSeconds, userData, modifiedMs }: AuthorizerRecord) {
	return [name, functionUrn, JSON.stringify(identities), ttlSeconds, userData, modifiedMs] as const;
}

function authorizerOf(row: AuthorizerRow): AuthorizerRecord {
	return { ...row, identities: JSON.parse(row.identities) as AuthorizerIdentity[] };
}
