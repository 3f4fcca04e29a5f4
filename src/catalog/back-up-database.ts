import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import { syncFolder } from './sync-folder.ts';

/** Writes a copy of the database, made small; on the disk under its name only when it is whole. */
export function backUpDatabase(database: CatalogDatabase, toFile: string): void {
	if (existsSync(toFile)) {
		throw new RuntimeError('ERR_STATE_UNAVAILABLE', `could not back up to ${toFile}: it is there already`);
	}
	const part = `${toFile}.part-${crypto.randomUUID()}`;
	try {
		// SQLite takes a file of no bytes; made here, so that nobody else reads it.
		closeSync(openSync(part, 'wx', 0o600));
		database.run('VACUUM INTO ?', part);
		const descriptor = openSync(part, 'r+');
		fsyncSync(descriptor);
		closeSync(descriptor);
		renameSync(part, toFile);
		syncFolder(path.dirname(path.resolve(toFile)));
	} catch (error) {
		rmSync(part, { force: true });
		if (error instanceof RuntimeError) throw error;
		const { code } = error as NodeJS.ErrnoException;
		const message = `could not back up to ${toFile}: ${code ?? error}`;
		throw new RuntimeError('ERR_STATE_UNAVAILABLE', message, { cause: error });
	}
}
