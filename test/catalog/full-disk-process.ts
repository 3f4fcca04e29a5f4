/**
 * Fills the disk that a folder is on while it writes to the catalog there, makes room, and goes on; says as JSON what became of it.
 * The disk is its own: it is used up to the last byte.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { Catalog } from '../../src/catalog/catalog.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { createFunction } from './catalog-bed.ts';

const disk = process.argv[2] ?? '';
const folder = path.join(disk, 'state');
const ballast = path.join(disk, 'ballast');

let catalog = Catalog.open(folder);
createFunction(catalog, 'before');
fill();
const refused = createUntilRefused('full');
const read = catalog.functions.list({ project: 'p1', afterId: 0, limit: 10_000 });
const backup = codeOf(() => catalog.backup(path.join(disk, 'copy.db')));
rmSync(ballast);
createFunction(catalog, 'after');
const written = catalog.functions.list({ project: 'p1', afterId: 0, limit: 10_000 });

// Once more, with the catalog opened on a full disk.
catalog.close();
fill();
const opened = codeOf(() => {
	catalog = Catalog.open(folder);
});
rmSync(ballast);
if (opened !== null) catalog = Catalog.open(folder);
createFunction(catalog, 'last');
const count = catalog.functions.count('p1');
catalog.close();
const database = new DatabaseSync(path.join(folder, 'catalog.db'));
const integrity = Object.values(database.prepare('PRAGMA integrity_check').get() ?? {}).join();
database.close();

process.stdout.write(
	JSON.stringify({
		...refused,
		read: read.records.length,
		counted: read.count,
		written: written.records.length,
		backup,
		opened,
		count,
		integrity,
	}),
);

/** How many the disk took, and what was said of the first it did not. */
function createUntilRefused(prefix: string): { taken: number; code: string | null; message: string } {
	for (let taken = 0; ; taken += 1) {
		try {
			createFunction(catalog, `${prefix}-${taken}`);
		} catch (error) {
			if (!(error instanceof RuntimeError)) throw error;
			return { taken, code: error.code, message: error.message };
		}
	}
}

function fill(): void {
	const descriptor = openSync(ballast, 'w');
	for (const bytes of [65_536, 4096, 1]) {
		try {
			while (writeSync(descriptor, Buffer.alloc(bytes)) > 0);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		}
	}
	closeSync(descriptor);
}

function codeOf(act: () => void): string | null {
	try {
		act();
		return null;
	} catch (error) {
		return error instanceof RuntimeError ? error.code : String(error);
	}
}
