/**
 * The catalog's SQLite file: statements that are prepared once and kept, and transactions that are durable when they return.
 * What the disk refuses is ERR_STATE_UNAVAILABLE; the catalog goes on when it does not any more.
 */
import process from 'node:process';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { stateFailure } from './state-failure.ts';

export type SqlValue = SQLInputValue;

/** Milliseconds to wait while another process writes. */
const BUSY_MS = 5_000;
/** Bytes that the log of writes keeps on the disk once they are in the catalog. */
const LOG_BYTES_KEPT = 4 * 1024 * 1024;

export class CatalogDatabase {
	readonly file: string;
	readonly #database: DatabaseSync;
	readonly #statements = new Map<string, StatementSync>();
	#open = true;

	constructor(file: string) {
		this.file = file;
		this.#database = openDatabase(file, BUSY_MS);
		try {
			// The first that reads the file.
			this.#database.exec('PRAGMA journal_mode = WAL');
			this.#database.exec('PRAGMA synchronous = FULL');
			this.#database.exec('PRAGMA foreign_keys = ON');
			this.#database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES_KEPT}`);
		} catch (error) {
			this.close();
			throw stateFailure(error, 'open the catalog', file);
		}
	}

	/** All rows; their columns are what the statement calls them. */
	all<Row>(sql: string, ...values: SqlValue[]): Row[] {
		return this.#guard('read the catalog', () => this.#statement(sql).all(...values) as Row[]);
	}

	get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
		return this.#guard('read the catalog', () => this.#statement(sql).get(...values) as Row | undefined);
	}

	/** Answers how many rows it changed. */
	run(sql: string, ...values: SqlValue[]): number {
		return this.#guard('write the catalog', () => Number(this.#statement(sql).run(...values).changes));
	}

	/** Several statements, none of them kept. */
	execute(sql: string): void {
		this.#guard('write the catalog', () => this.#database.exec(sql));
	}

	/** All that `work` writes, or nothing of it. On the disk when this returns. */
	transaction<T>(work: () => T): T {
		this.#guard('write the catalog', () => this.#database.exec('BEGIN IMMEDIATE'));
		try {
			const result = work();
			this.#guard('write the catalog', () => this.#database.exec('COMMIT'));
			return result;
		} catch (error) {
			this.#rollback();
			throw error;
		}
	}

	#guard<T>(action: string, work: () => T): T {
		try {
			return work();
		} catch (error) {
			throw stateFailure(error, action, this.file);
		}
	}

	close(): void {
		if (!this.#open) return;
		this.#open = false;
		this.#statements.clear();
		this.#database.close();
	}

	#statement(sql: string): StatementSync {
		const kept = this.#statements.get(sql);
		if (kept !== undefined) return kept;
		const statement = this.#database.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}

	/** A full disk or a failed one has rolled back already. */
	#rollback(): void {
		try {
			this.#database.exec('ROLLBACK');
		} catch {
			// There was nothing left to undo.
		}
	}
}

/** Loaded when a catalog is opened: most commands have none. */
export function openDatabase(file: string, busyMs: number): DatabaseSync {
	const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
	try {
		return new DatabaseSync(file, { timeout: busyMs });
	} catch (error) {
		throw stateFailure(error, 'open the catalog', file);
	}
}
