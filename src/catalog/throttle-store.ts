import { shortened } from '../base/shortened.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { ThrottleBindingRecord, ThrottleRecord, ThrottleSpecialRecord } from './throttle-records.ts';

interface ThrottleRow extends Omit<ThrottleRecord, 'shared'> {
	readonly shared: number;
}

const SELECT = `SELECT id, project, name, remark, shared, interval, unit, api_limit AS apiLimit, user_limit AS userLimit,
	app_limit AS appLimit, address_limit AS addressLimit, created_ms AS createdMs FROM throttles`;
const SPECIALS = `SELECT id, throttle_id AS throttleId, app_id AS appId, call_limit AS "limit", created_ms AS createdMs
	FROM throttle_specials`;
const BINDINGS = `SELECT id, throttle_id AS throttleId, api_id AS apiId, created_ms AS createdMs FROM throttle_bindings`;

/** How often APIs may be called, which apps have limits of their own there, and which APIs that holds for. */
export class ThrottleStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_THROTTLE_EXISTS by its name. */
	create(given: Omit<ThrottleRecord, 'createdMs'>): ThrottleRecord {
		const record = { ...given, createdMs: Date.now() };
		this.#change(() => {
			this.#judgeFree(record);
			this.#database.run(
				`INSERT INTO throttles (name, remark, shared, interval, unit, api_limit, user_limit, app_limit, address_limit,
					project, created_ms, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				...valuesOf(record),
				record.project,
				record.createdMs,
				record.id,
			);
		});
		return record;
	}

	find(id: string): ThrottleRecord | null {
		return throttleOf(this.#database.get<ThrottleRow>(`${SELECT} WHERE id = ?`, id));
	}

	/** Throws ERR_THROTTLE_NOT_FOUND, also for one of another project. */
	require(project: string, id: string): ThrottleRecord {
		const record = this.find(id);
		if (record === null || record.project !== project) {
			throw new RuntimeError('ERR_THROTTLE_NOT_FOUND', `there is no throttle ${shortened(id, 64)}`);
		}
		return record;
	}

	/** By name. */
	list(project: string): readonly ThrottleRecord[] {
		const rows = this.#database.all<ThrottleRow>(`${SELECT} WHERE project = ? ORDER BY name`, project);
		return rows.map((row) => ({ ...row, shared: row.shared === 1 }));
	}

	/** Throws ERR_THROTTLE_NOT_FOUND, ERR_THROTTLE_EXISTS. */
	update(
		project: string,
		id: string,
		changes: Partial<Omit<ThrottleRecord, 'id' | 'project' | 'createdMs'>>,
	): ThrottleRecord {
		return this.#change(() => {
			const record = { ...this.require(project, id), ...changes };
			this.#judgeFree(record);
			this.#database.run(
				`UPDATE throttles SET name = ?, remark = ?, shared = ?, interval = ?, unit = ?, api_limit = ?, user_limit = ?,
					app_limit = ?, address_limit = ? WHERE id = ?`,
				...valuesOf(record),
				id,
			);
			return record;
		});
	}

	/** With what it is bound to. Throws ERR_THROTTLE_NOT_FOUND. */
	remove(project: string, id: string): void {
		this.#change(() => {
			this.require(project, id);
			this.#database.run('DELETE FROM throttles WHERE id = ?', id);
		});
	}

	/** Null: the API may be called as often as one likes. */
	ofApi(apiId: string): ThrottleRecord | null {
		const sql = `${SELECT} WHERE id = (SELECT throttle_id FROM throttle_bindings WHERE api_id = ?)`;
		return throttleOf(this.#database.get<ThrottleRow>(sql, apiId));
	}

	/** All or none. An API has one throttle: it leaves the one that it had. */
	bind(given: readonly Omit<ThrottleBindingRecord, 'createdMs'>[]): readonly ThrottleBindingRecord[] {
		const createdMs = Date.now();
		return this.#change(() =>
			given.map((binding) => {
				const { id, throttleId, apiId } = binding;
				this.#database.run('DELETE FROM throttle_bindings WHERE api_id = ?', apiId);
				this.#database.run(
					'INSERT INTO throttle_bindings (id, throttle_id, api_id, created_ms) VALUES (?, ?, ?, ?)',
					id,
					throttleId,
					apiId,
					createdMs,
				);
				return { ...binding, createdMs };
			}),
		);
	}

	findBinding(id: string): ThrottleBindingRecord | null {
		return this.#database.get<ThrottleBindingRecord>(`${BINDINGS} WHERE id = ?`, id) ?? null;
	}

	unbind(id: string): void {
		this.#change(() => this.#database.run('DELETE FROM throttle_bindings WHERE id = ?', id));
	}

	/** In the order in which they were made. */
	bindings(
		by: { readonly throttleId: string } | { readonly apiId: string },
	): readonly ThrottleBindingRecord[] {
		const [column, id] = 'apiId' in by ? ['api_id', by.apiId] : ['throttle_id', by.throttleId];
		return this.#database.all<ThrottleBindingRecord>(`${BINDINGS} WHERE ${column} = ? ORDER BY rowid`, id);
	}

	/** Throws ERR_THROTTLE_SPECIAL_EXISTS where the app has a limit of its own already. */
	addSpecial(given: Omit<ThrottleSpecialRecord, 'createdMs'>): ThrottleSpecialRecord {
		const record = { ...given, createdMs: Date.now() };
		const { id, throttleId, appId, limit, createdMs } = record;
		this.#change(() => {
			if (this.specials(throttleId).some((one) => one.appId === appId)) {
				const message = `the app ${appId} has a limit of its own there already: change or remove it`;
				throw new RuntimeError('ERR_THROTTLE_SPECIAL_EXISTS', message);
			}
			this.#database.run(
				'INSERT INTO throttle_specials (id, throttle_id, app_id, call_limit, created_ms) VALUES (?, ?, ?, ?, ?)',
				id,
				throttleId,
				appId,
				limit,
				createdMs,
			);
		});
		return record;
	}

	/** In the order in which they were made. */
	specials(throttleId: string): readonly ThrottleSpecialRecord[] {
		const sql = `${SPECIALS} WHERE throttle_id = ? ORDER BY rowid`;
		return this.#database.all<ThrottleSpecialRecord>(sql, throttleId);
	}

	removeSpecial(id: string): void {
		this.#change(() => this.#database.run('DELETE FROM throttle_specials WHERE id = ?', id));
	}

	#judgeFree({ id, project, name }: ThrottleRecord): void {
		const sql = 'SELECT 1 FROM throttles WHERE id <> ? AND project = ? AND name = ?';
		if (this.#database.get(sql, id, project, name) === undefined) return;
		throw new RuntimeError('ERR_THROTTLE_EXISTS', `there is a throttle ${name}; wanted another name`);
	}

	#change<T>(work: () => T): T {
		const result = this.#database.transaction(work);
		this.#changes.tell({ kind: 'policy', functionId: 0 });
		return result;
	}
}

function valuesOf(record: ThrottleRecord) {
	const { name, remark, shared, interval, unit, apiLimit, userLimit, appLimit, addressLimit } = record;
	return [name, remark, Number(shared), interval, unit, apiLimit, userLimit, appLimit, addressLimit] as const;
}

function throttleOf(row: ThrottleRow | undefined): ThrottleRecord | null {
	return row === undefined ? null : { ...row, shared: row.shared === 1 };
}
