import { RuntimeError } from '../contract/errors.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import { MIGRATIONS } from './schema.ts';

/** `hfn1`: tells a catalog from other SQLite files. */
const APPLICATION_ID = 0x68666e31;

/** Whether there is nothing to migrate. */
export function isCurrent(database: CatalogDatabase): boolean {
	return applicationId(database) === APPLICATION_ID && catalogVersion(database) === MIGRATIONS.length;
}

/**
 * Brings the tables to what this httpfn wants, in one transaction. Throws ERR_STATE_UNAVAILABLE for an SQLite file of something
 * else, and for a catalog that a newer httpfn wrote.
 */
export function migrate(database: CatalogDatabase): void {
	database.transaction(() => {
		const version = catalogVersion(database);
		judgeOrigin(database, version);
		for (const migration of MIGRATIONS.slice(version)) database.execute(migration);
		database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
		database.execute(`PRAGMA user_version = ${MIGRATIONS.length}`);
	});
}

function judgeOrigin(database: CatalogDatabase, version: number): void {
	const id = applicationId(database);
	const empty = database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined;
	if (id !== APPLICATION_ID && !(empty && id === 0 && version === 0)) {
		throw new RuntimeError(
			'ERR_STATE_UNAVAILABLE',
			`could not open the catalog: ${database.file} is an SQLite file of another program, wanted a catalog of httpfn`,
		);
	}
	if (version <= MIGRATIONS.length) return;
	throw new RuntimeError(
		'ERR_STATE_UNAVAILABLE',
		`could not open the catalog: ${database.file} has version ${version}, wanted at most ${MIGRATIONS.length}: a newer httpfn wrote it`,
	);
}

function catalogVersion(database: CatalogDatabase): number {
	return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

function applicationId(database: CatalogDatabase): number {
	return database.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;
}
