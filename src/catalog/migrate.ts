import { RuntimeError } from '../contract/errors.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { FolderLock } from './folder-lock.ts';
import { MIGRATIONS } from './schema.ts';

/** `hfn1`: tells a catalog from other SQLite files. */
const APPLICATION_ID = 0x68666e31;

/** Whether there is nothing to migrate. */
export function isCurrent(database: CatalogDatabase): boolean {
	return applicationId(database) === APPLICATION_ID && catalogVersion(database) === MIGRATIONS.length;
}

/**
 * Brings the tables to what this httpfn wants, in one transaction. What is there already is changed only under the lock that `lock`
 * takes; where nothing is, whoever comes first makes it. Throws ERR_STATE_UNAVAILABLE for an SQLite file of something else, and for
 * a catalog that a newer httpfn wrote.
 */
export function migrate(database: CatalogDatabase, lock: () => FolderLock | null): void {
	database.transaction(() => {
		// Another process may have done it while this one waited.
		if (isCurrent(database)) return;
		const version = catalogVersion(database);
		const isNew = version === 0 && applicationId(database) === 0 && isEmpty(database);
		if (!isNew) judgeOrigin(database, version);
		const held = isNew ? null : lock();
		try {
			for (const migration of MIGRATIONS.slice(version)) database.execute(migration);
			database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
			database.execute(`PRAGMA user_version = ${MIGRATIONS.length}`);
		} finally {
			held?.release();
		}
	});
}

function judgeOrigin(database: CatalogDatabase, version: number): void {
	if (applicationId(database) !== APPLICATION_ID) {
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

function isEmpty(database: CatalogDatabase): boolean {
	return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined;
}
