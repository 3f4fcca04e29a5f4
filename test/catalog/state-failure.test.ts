import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stateFailure } from '../../src/catalog/state-failure.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { inFolder } from './catalog-bed.ts';

const test = suite('state failure');

test('K-34: what SQLite says of the file is ERR_STATE_UNAVAILABLE with the action, what was found and the file', () =>
	inFolder((folder) => {
		const file = path.join(folder, 'any.db');
		const writer = new DatabaseSync(file);
		writer.exec('CREATE TABLE t (a PRIMARY KEY); BEGIN EXCLUSIVE');
		const other = new DatabaseSync(file, { timeout: 0 });
		const locked = judge(() => other.exec('INSERT INTO t VALUES (1)'), file);
		writer.exec('COMMIT');
		writer.close();
		const reader = new DatabaseSync(file, { readOnly: true });
		const refused = judge(() => reader.exec('INSERT INTO t VALUES (1)'), file);
		const missing = judge(() => new DatabaseSync(path.join(folder, 'none', 'any.db')), file);
		for (const [failure, found] of [
			[locked, /another process/],
			[refused, /may not be written/],
			[missing, /can not be opened/],
		] as const) {
			assert.instance(failure, RuntimeError);
			assert.is((failure as RuntimeError).code, 'ERR_STATE_UNAVAILABLE');
			assert.match((failure as RuntimeError).message, /^could not do something: /);
			assert.match((failure as RuntimeError).message, found);
			assert.ok((failure as RuntimeError).message.includes(file));
		}
		reader.close();
		other.close();
	}));

test('K-34: what SQLite says of a statement, and any other error, stays what it is', () =>
	inFolder((folder) => {
		const database = new DatabaseSync(path.join(folder, 'any.db'));
		database.exec('CREATE TABLE t (a PRIMARY KEY); INSERT INTO t VALUES (1)');
		for (const sql of ['INSERT INTO t VALUES (1)', 'SELECT nothing FROM nowhere']) {
			assert.not.instance(
				judge(() => database.exec(sql), 'x'),
				RuntimeError,
			);
		}
		const own = new Error('the disk is full of wonders');
		assert.is(stateFailure(own, 'do something', 'x'), own);
		assert.is(stateFailure('text', 'do something', 'x'), 'text');
		database.close();
	}));

/** What the error of `act` is turned into. */
function judge(act: () => unknown, file: string): unknown {
	try {
		act();
	} catch (error) {
		return stateFailure(error, 'do something', file);
	}
	throw new Error('it did not fail');
}

test.run();
