import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import { PolicyStore } from './policy-store.ts';
import type { ThrottleLimits, ThrottleSpecialRecord } from './throttle-records.ts';

const SPECIALS = `SELECT id, throttle_id AS throttleId, app_id AS appId, call_limit AS "limit", created_ms AS createdMs
	FROM throttle_specials`;

/** How often APIs may be called, and which apps have limits of their own there. */
export class ThrottleStore extends PolicyStore<ThrottleLimits> {
	readonly #database: CatalogDatabase;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		super(database, changes, 'throttle');
		this.#database = database;
	}

	/** Throws ERR_THROTTLE_SPECIAL_EXISTS where the app has a limit of its own already. */
	addSpecial(given: Omit<ThrottleSpecialRecord, 'createdMs'>): ThrottleSpecialRecord {
		const record = { ...given, createdMs: Date.now() };
		const { id, throttleId, appId, limit, createdMs } = record;
		this.change(() => {
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

	changeSpecial(id: string, limit: number): void {
		this.change(() =>
			this.#database.run('UPDATE throttle_specials SET call_limit = ? WHERE id = ?', limit, id),
		);
	}

	removeSpecial(id: string): void {
		this.change(() => this.#database.run('DELETE FROM throttle_specials WHERE id = ?', id));
	}
}
