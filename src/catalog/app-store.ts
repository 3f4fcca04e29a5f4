import { shortened } from '../base/shortened.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { AppCodeRecord, AppGrantRecord, AppRecord } from './app-records.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';

interface AppRow extends Omit<AppRecord, 'frozen'> {
	readonly frozen: number;
}

const APP = `SELECT id, project, name, remark, app_key AS key, sealed_secret AS sealedSecret, frozen, created_ms AS createdMs,
	modified_ms AS modifiedMs FROM apps`;
const CODE =
	'SELECT id, app_id AS appId, hash, sealed_code AS sealedCode, created_ms AS createdMs FROM app_codes';
const GRANT = 'SELECT id, app_id AS appId, api_id AS apiId, created_ms AS createdMs FROM app_grants';

/** Apps, their codes, and which APIs they may call. */
export class AppStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_APP_EXISTS by name or key. */
	create(app: Omit<AppRecord, 'createdMs' | 'modifiedMs'>): AppRecord {
		const nowMs = Date.now();
		const record = { ...app, createdMs: nowMs, modifiedMs: nowMs };
		this.#change(() => {
			this.#judgeFree(record);
			this.#database.run(
				`INSERT INTO apps (project, name, remark, app_key, sealed_secret, frozen, modified_ms, created_ms, id)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				...valuesOf(record),
				record.createdMs,
				record.id,
			);
		});
		return record;
	}

	find(id: string): AppRecord | null {
		return appOf(this.#database.get<AppRow>(`${APP} WHERE id = ?`, id));
	}

	/** Throws ERR_APP_NOT_FOUND, also for an app of another project. */
	require(project: string, id: string): AppRecord {
		const app = this.find(id);
		if (app === null || app.project !== project) {
			throw new RuntimeError('ERR_APP_NOT_FOUND', `there is no app ${shortened(id, 64)}`);
		}
		return app;
	}

	byKey(key: string): AppRecord | null {
		return appOf(this.#database.get<AppRow>(`${APP} WHERE app_key = ?`, key));
	}

	byCodeHash(hash: string): AppRecord | null {
		const sql = `${APP} WHERE id = (SELECT app_id FROM app_codes WHERE hash = ?)`;
		return appOf(this.#database.get<AppRow>(sql, hash));
	}

	/** By name. */
	list(project: string): readonly AppRecord[] {
		const rows = this.#database.all<AppRow>(`${APP} WHERE project = ? ORDER BY name`, project);
		return rows.map((row) => ({ ...row, frozen: row.frozen === 1 }));
	}

	/** Throws ERR_APP_NOT_FOUND, ERR_APP_EXISTS. */
	update(
		project: string,
		id: string,
		changes: Partial<Pick<AppRecord, 'name' | 'remark' | 'key' | 'sealedSecret' | 'frozen'>>,
	): AppRecord {
		return this.#change(() => {
			const record = { ...this.require(project, id), ...changes, modifiedMs: Date.now() };
			this.#judgeFree(record);
			this.#database.run(
				`UPDATE apps SET project = ?, name = ?, remark = ?, app_key = ?, sealed_secret = ?, frozen = ?, modified_ms = ?
					WHERE id = ?`,
				...valuesOf(record),
				id,
			);
			return record;
		});
	}

	/** With its codes, and what it may call. Throws ERR_APP_NOT_FOUND. */
	remove(project: string, id: string): void {
		this.#change(() => {
			this.require(project, id);
			this.#database.run('DELETE FROM apps WHERE id = ?', id);
		});
	}

	/** Throws ERR_APP_CODE_EXISTS where the code is anybody's, ERR_APP_CODE_LIMIT beyond `codesMax`. */
	addCode(code: Omit<AppCodeRecord, 'createdMs'>, codesMax: number): AppCodeRecord {
		const record = { ...code, createdMs: Date.now() };
		return this.#change(() => {
			if (this.codes(code.appId).length >= codesMax) {
				throw new RuntimeError(
					'ERR_APP_CODE_LIMIT',
					`the app has ${codesMax} codes, the most that one may have`,
				);
			}
			if (this.byCodeHash(code.hash) !== null) {
				throw new RuntimeError('ERR_APP_CODE_EXISTS', 'an app has this very code, wanted another');
			}
			this.#database.run(
				'INSERT INTO app_codes (id, app_id, hash, sealed_code, created_ms) VALUES (?, ?, ?, ?, ?)',
				record.id,
				record.appId,
				record.hash,
				record.sealedCode,
				record.createdMs,
			);
			return record;
		});
	}

	/** The oldest first. */
	codes(appId: string): readonly AppCodeRecord[] {
		return this.#database.all<AppCodeRecord>(`${CODE} WHERE app_id = ? ORDER BY created_ms, rowid`, appId);
	}

	/** Throws ERR_APP_CODE_NOT_FOUND. */
	removeCode(appId: string, id: string): void {
		this.#change(() => {
			if (this.#database.run('DELETE FROM app_codes WHERE id = ? AND app_id = ?', id, appId) > 0) return;
			throw new RuntimeError('ERR_APP_CODE_NOT_FOUND', `the app has no code ${shortened(id, 64)}`);
		});
	}

	/** What was granted before stays as it is. */
	grant(grants: readonly Omit<AppGrantRecord, 'createdMs'>[]): readonly AppGrantRecord[] {
		return this.#change(() =>
			grants.map(({ id, appId, apiId }) => {
				this.#database.run(
					'INSERT OR IGNORE INTO app_grants (id, app_id, api_id, created_ms) VALUES (?, ?, ?, ?)',
					id,
					appId,
					apiId,
					Date.now(),
				);
				const sql = `${GRANT} WHERE app_id = ? AND api_id = ?`;
				const grant = this.#database.get<AppGrantRecord>(sql, appId, apiId);
				if (grant === undefined) throw new Error('what was granted is there');
				return grant;
			}),
		);
	}

	grants(by: { readonly appId: string } | { readonly apiId: string }): readonly AppGrantRecord[] {
		const [column, value] = 'appId' in by ? ['app_id', by.appId] : ['api_id', by.apiId];
		return this.#database.all<AppGrantRecord>(
			`${GRANT} WHERE ${column} = ? ORDER BY created_ms, rowid`,
			value,
		);
	}

	findGrant(id: string): AppGrantRecord | null {
		return this.#database.get<AppGrantRecord>(`${GRANT} WHERE id = ?`, id) ?? null;
	}

	revoke(id: string): void {
		this.#change(() => this.#database.run('DELETE FROM app_grants WHERE id = ?', id));
	}

	mayCall(appId: string, apiId: string): boolean {
		return (
			this.#database.get('SELECT 1 FROM app_grants WHERE app_id = ? AND api_id = ?', appId, apiId) !==
			undefined
		);
	}

	#judgeFree({ id, project, name, key }: AppRecord): void {
		const sql = 'SELECT 1 FROM apps WHERE id <> ? AND ((project = ? AND name = ?) OR app_key = ?)';
		if (this.#database.get(sql, id, project, name, key) === undefined) return;
		throw new RuntimeError('ERR_APP_EXISTS', `there is an app ${name}, or one with this key; wanted another`);
	}

	/** One transaction; told once it is on the disk. */
	#change<T>(work: () => T): T {
		const result = this.#database.transaction(work);
		this.#changes.tell({ kind: 'app', functionId: 0 });
		return result;
	}
}

function valuesOf({ project, name, remark, key, sealedSecret, frozen, modifiedMs }: AppRecord) {
	return [project, name, remark, key, sealedSecret, frozen ? 1 : 0, modifiedMs] as const;
}

function appOf(row: AppRow | undefined): AppRecord | null {
	return row === undefined ? null : { ...row, frozen: row.frozen === 1 };
}
