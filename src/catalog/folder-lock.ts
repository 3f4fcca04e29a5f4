/**
 * Keeps a state folder for one server. The lock is the kernel's, taken through SQLite on a file of no bytes: it goes with the process
 * that has it, kill -9 included. Beside it stands who that is, for the message.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';
import { openDatabase } from './catalog-database.ts';
import { stateFailure } from './state-failure.ts';

/** Milliseconds to try: of two that start in the same moment, each may find the other's attempt first. */
const TRY_MS = 200;

export interface FolderLock {
	/** Twice is harmless. */
	release(): void;
}

/** Throws ERR_STATE_IN_USE with the process that has the folder. */
export function lockFolder(folder: string): FolderLock {
	const holder = path.join(folder, 'lock.pid');
	const file = path.join(folder, 'lock.db');
	const database = openDatabase(file, TRY_MS);
	try {
		// No journal: nothing is ever written.
		database.exec('PRAGMA journal_mode = MEMORY');
		database.exec('BEGIN EXCLUSIVE');
	} catch (error) {
		database.close();
		if (!/locked/.test(String(error))) throw stateFailure(error, 'lock the state folder', file);
		throw new RuntimeError(
			'ERR_STATE_IN_USE',
			`process ${holderOf(holder)} has the state folder ${folder}, wanted a folder that no server has`,
			{ cause: error },
		);
	}
	try {
		writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
	} catch {
		// It is for a message only: on a full disk what is there can still be read and served.
	}
	let held = true;
	return {
		release: () => {
			if (held) database.close();
			held = false;
		},
	};
}

/** Its id; a server that took the lock in this very moment may not have said it yet. */
function holderOf(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim() || 'unknown';
	} catch {
		return 'unknown';
	}
}
