import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { JsonObject } from './function-config.ts';
import { testEventNotFound } from './not-found.ts';
import type { ReservedRecord, StatisticsRecord, Tag, TestEventRecord } from './records.ts';
import { requireQualifier } from './require-qualifier.ts';
import { type MonthRecord, StatisticsTable } from './statistics-table.ts';

interface ReservedRow extends Omit<ReservedRecord, 'idleMode' | 'tactics'> {
	readonly idleMode: number;
	readonly tactics: string | null;
}

const RESERVED = `SELECT r.function_id AS functionId, r.qualifier, r.count, r.idle_mode AS idleMode, r.tactics FROM reserved r`;
const TEST_EVENTS = `SELECT id, function_id AS functionId, name, content, modified_ms AS modifiedMs FROM test_events
	WHERE function_id = ?`;

/** What else belongs to functions: tags, reserved instances, test events, statistics. */
export class ExtraStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;
	readonly #statistics: StatisticsTable;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
		this.#statistics = new StatisticsTable(database);
	}

	/** By key. */
	tags(functionId: number): readonly Tag[] {
		return this.#database
			.all<Tag>('SELECT key, value FROM tags WHERE function_id = ? ORDER BY key', functionId)
			.map(({ key, value }) => ({ key, value }));
	}

	/** Adds tags; one with a key that is there gets the new value. Throws ERR_FUNCTION_NOT_FOUND. */
	addTags(functionId: number, tags: readonly Tag[]): void {
		this.#database.transaction(() => {
			requireQualifier(this.#database, functionId, 'latest');
			for (const { key, value } of tags) {
				this.#database.run(
					`INSERT INTO tags (function_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
					functionId,
					key,
					value,
				);
			}
		});
	}

	/** Keys that the function does not have do no harm. */
	removeTags(functionId: number, keys: readonly string[]): void {
		this.#database.transaction(() => {
			for (const key of keys) {
				this.#database.run('DELETE FROM tags WHERE function_id = ? AND key = ?', functionId, key);
			}
		});
	}

	/** All different ones of the project's functions, by key and value. */
	tagsOfProject(project: string): readonly Tag[] {
		return this.#database
			.all<Tag>(
				`SELECT DISTINCT t.key, t.value FROM functions f JOIN tags t ON t.function_id = f.id WHERE f.project = ?
					ORDER BY t.key, t.value`,
				project,
			)
			.map(({ key, value }) => ({ key, value }));
	}

	/** Neither count nor tactics: none are reserved any more. Throws as a qualifier that names nothing does. */
	setReserved(record: ReservedRecord): void {
		const { functionId, qualifier, count, idleMode, tactics } = record;
		this.#database.transaction(() => {
			requireQualifier(this.#database, functionId, qualifier);
			if (count === 0 && tactics === null) {
				this.#database.run(
					'DELETE FROM reserved WHERE function_id = ? AND qualifier = ?',
					functionId,
					qualifier,
				);
				return;
			}
			this.#database.run(
				`INSERT OR REPLACE INTO reserved (function_id, qualifier, count, idle_mode, tactics) VALUES (?, ?, ?, ?, ?)`,
				functionId,
				qualifier,
				count,
				idleMode ? 1 : 0,
				tactics === null ? null : JSON.stringify(tactics),
			);
		});
		this.#changes.tell({ kind: 'reserved', functionId });
	}

	/** By qualifier. */
	reservedOf(functionId: number): readonly ReservedRecord[] {
		return this.#database
			.all<ReservedRow>(`${RESERVED} WHERE r.function_id = ? ORDER BY r.qualifier`, functionId)
			.map(reservedOfRow);
	}

	/** By function, then by qualifier: those from one place in that order up to another. */
	reservedOfProject(
		project: string,
		{ from, to }: { readonly from: number; readonly to: number },
	): readonly ReservedRecord[] {
		return this.#database
			.all<ReservedRow>(
				`${RESERVED} JOIN functions f ON f.id = r.function_id WHERE f.project = ? ORDER BY f.id, r.qualifier
					LIMIT ? OFFSET ?`,
				project,
				to - from,
				from,
			)
			.map(reservedOfRow);
	}

	/** How many versions and aliases of the project have reserved instances, and how many instances that are. */
	reservedTotal(project: string): { readonly records: number; readonly instances: number } {
		const row = this.#database.get<{ records: number; instances: number }>(
			`SELECT count(*) AS records, coalesce(sum(r.count), 0) AS instances
				FROM reserved r JOIN functions f ON f.id = r.function_id WHERE f.project = ?`,
			project,
		);
		return { records: row?.records ?? 0, instances: row?.instances ?? 0 };
	}

	allReserved(): readonly ReservedRecord[] {
		return this.#database
			.all<ReservedRow>(`${RESERVED} ORDER BY r.function_id, r.qualifier`)
			.map(reservedOfRow);
	}

	/** In the order they were made. */
	testEvents(functionId: number): readonly TestEventRecord[] {
		return this.#database
			.all<TestEventRecord>(`${TEST_EVENTS} ORDER BY sequence`, functionId)
			.map(testEventOf);
	}

	/** Throws ERR_TEST_EVENT_NOT_FOUND. */
	testEvent(functionId: number, id: string): TestEventRecord {
		const row = this.#database.get<TestEventRecord>(`${TEST_EVENTS} AND id = ?`, functionId, id);
		if (row === undefined) throw testEventNotFound(id);
		return testEventOf(row);
	}

	/** Throws ERR_TEST_EVENT_EXISTS by its name, ERR_FUNCTION_NOT_FOUND. */
	createTestEvent(functionId: number, event: Pick<TestEventRecord, 'name' | 'content'>): TestEventRecord {
		const record = { id: crypto.randomUUID(), functionId, ...event, modifiedMs: Date.now() };
		this.#database.transaction(() => {
			requireQualifier(this.#database, functionId, 'latest');
			this.#judgeEventName(record);
			this.#database.run(
				'INSERT INTO test_events (id, function_id, name, content, modified_ms) VALUES (?, ?, ?, ?, ?)',
				record.id,
				functionId,
				record.name,
				record.content,
				record.modifiedMs,
			);
		});
		return record;
	}

	/** What `changes` does not name stays. Throws ERR_TEST_EVENT_NOT_FOUND, ERR_TEST_EVENT_EXISTS. */
	updateTestEvent(
		functionId: number,
		id: string,
		changes: Partial<Pick<TestEventRecord, 'name' | 'content'>>,
	): TestEventRecord {
		return this.#database.transaction(() => {
			const record = { ...this.testEvent(functionId, id), ...changes, modifiedMs: Date.now() };
			this.#judgeEventName(record);
			this.#database.run(
				'UPDATE test_events SET name = ?, content = ?, modified_ms = ? WHERE id = ?',
				record.name,
				record.content,
				record.modifiedMs,
				id,
			);
			return record;
		});
	}

	/** Throws ERR_TEST_EVENT_NOT_FOUND. */
	removeTestEvent(functionId: number, id: string): void {
		const removed = this.#database.run(
			'DELETE FROM test_events WHERE id = ? AND function_id = ?',
			id,
			functionId,
		);
		if (removed === 0) throw testEventNotFound(id);
	}

	/** Adds to what is kept of the same minutes. Records of functions that are gone are left out. */
	addStatistics(records: readonly StatisticsRecord[]): void {
		this.#statistics.add(records);
	}

	/** By minute, those with any request in [fromMs, toMs). */
	statistics(functionId: number, fromMs: number, toMs: number): readonly StatisticsRecord[] {
		return this.#statistics.ofFunction(functionId, fromMs, toMs);
	}

	/** The same in one record, with the time of one of its minutes; null: there are none. */
	statisticsTotal(functionId: number, fromMs: number, toMs: number): StatisticsRecord | null {
		return this.#statistics.total(functionId, fromMs, toMs);
	}

	/** The same of all functions of the project together; `functionId` is 0. */
	statisticsOfProject(project: string, fromMs: number, toMs: number): readonly StatisticsRecord[] {
		return this.#statistics.ofProject(project, fromMs, toMs);
	}

	/** Newest last; functions that were deleted since count too. */
	months(project: string): readonly MonthRecord[] {
		return this.#statistics.months(project);
	}

	#judgeEventName({ functionId, id, name }: TestEventRecord): void {
		const taken = this.#database.get(
			'SELECT 1 FROM test_events WHERE function_id = ? AND name = ? AND id <> ?',
			functionId,
			name,
			id,
		);
		if (taken === undefined) return;
		const message = `the function has a test event ${name}, wanted a name that is free`;
		throw new RuntimeError('ERR_TEST_EVENT_EXISTS', message);
	}
}

function testEventOf({ id, functionId, name, content, modifiedMs }: TestEventRecord): TestEventRecord {
	return { id, functionId, name, content, modifiedMs };
}

function reservedOfRow({ functionId, qualifier, count, idleMode, tactics }: ReservedRow): ReservedRecord {
	return {
		functionId,
		qualifier,
		count,
		idleMode: idleMode === 1,
		tactics: tactics === null ? null : (JSON.parse(tactics) as JsonObject),
	};
}
