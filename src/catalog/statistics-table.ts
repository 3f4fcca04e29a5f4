import type { CatalogDatabase } from './catalog-database.ts';
import type { StatisticsRecord } from './records.ts';

/** What a project used in one month. */
export interface MonthRecord {
	/** `2026-01`, in UTC. */
	readonly month: string;
	readonly count: number;
	/** Memory of the functions times duration of their requests: gigabytes times seconds. */
	readonly gbSeconds: number;
}

/** Milliseconds that minutes are kept (ours): what the platform shows goes back 30 days. */
const KEPT_MS = 31 * 86_400_000;
/** Milliseconds from one look for older ones to the next. */
const SWEEP_MS = 3_600_000;

/** Of one record, then of several together. */
const COLUMNS = `minute_ms AS minuteMs, count, fail_count AS failCount, function_error_count AS functionErrorCount,
	system_error_count AS systemErrorCount, reject_count AS rejectCount, duration_ms AS durationMs,
	duration_ms_max AS durationMsMax, duration_ms_min AS durationMsMin, concurrency_max AS concurrencyMax,
	instances_max AS instancesMax`;
const SUMS = `s.minute_ms AS minuteMs, sum(s.count) AS count, sum(s.fail_count) AS failCount,
	sum(s.function_error_count) AS functionErrorCount, sum(s.system_error_count) AS systemErrorCount,
	sum(s.reject_count) AS rejectCount, sum(s.duration_ms) AS durationMs, max(s.duration_ms_max) AS durationMsMax,
	coalesce(min(CASE WHEN s.count > 0 THEN s.duration_ms_min END), 0) AS durationMsMin,
	sum(s.concurrency_max) AS concurrencyMax, sum(s.instances_max) AS instancesMax`;

const ADD = `
INSERT INTO statistics (function_id, minute_ms, count, fail_count, function_error_count, system_error_count, reject_count,
	duration_ms, duration_ms_max, duration_ms_min, concurrency_max, instances_max)
SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM functions WHERE id = ?
ON CONFLICT DO UPDATE SET
	duration_ms_min = CASE
		WHEN excluded.count = 0 THEN duration_ms_min
		WHEN count = 0 THEN excluded.duration_ms_min
		ELSE min(duration_ms_min, excluded.duration_ms_min) END,
	count = count + excluded.count,
	fail_count = fail_count + excluded.fail_count,
	function_error_count = function_error_count + excluded.function_error_count,
	system_error_count = system_error_count + excluded.system_error_count,
	reject_count = reject_count + excluded.reject_count,
	duration_ms = duration_ms + excluded.duration_ms,
	duration_ms_max = max(duration_ms_max, excluded.duration_ms_max),
	concurrency_max = max(concurrency_max, excluded.concurrency_max),
	instances_max = max(instances_max, excluded.instances_max)`;

const ADD_MONTH = `
INSERT INTO months (project, month, count, gb_ms)
SELECT f.project, ?, ?, ? * json_extract(r.config, '$.memory_size') / 1024.0
	FROM functions f JOIN revisions r ON r.function_id = f.id AND r.sequence = 1 WHERE f.id = ?
ON CONFLICT DO UPDATE SET count = count + excluded.count, gb_ms = gb_ms + excluded.gb_ms`;

/** Requests by function and minute, and what a project used by month. */
export class StatisticsTable {
	readonly #database: CatalogDatabase;
	#sweptMs = 0;

	constructor(database: CatalogDatabase) {
		this.#database = database;
	}

	add(records: readonly StatisticsRecord[]): void {
		const nowMs = Date.now();
		this.#database.transaction(() => {
			for (const record of records) this.#add(record);
			if (nowMs - this.#sweptMs < SWEEP_MS) return;
			this.#database.run('DELETE FROM statistics WHERE minute_ms < ?', nowMs - KEPT_MS);
		});
		if (nowMs - this.#sweptMs >= SWEEP_MS) this.#sweptMs = nowMs;
	}

	ofFunction(functionId: number, fromMs: number, toMs: number): readonly StatisticsRecord[] {
		return this.#database
			.all<Omit<StatisticsRecord, 'functionId'>>(
				`SELECT ${COLUMNS} FROM statistics WHERE function_id = ? AND minute_ms >= ? AND minute_ms < ? ORDER BY minute_ms`,
				functionId,
				fromMs,
				toMs,
			)
			.map((row) => ({ functionId, ...row }));
	}

	/** All minutes in one, with the time of one of them; null: there are none. */
	total(functionId: number, fromMs: number, toMs: number): StatisticsRecord | null {
		const row = this.#database.get<Omit<StatisticsRecord, 'functionId'>>(
			`SELECT ${SUMS} FROM statistics s WHERE s.function_id = ? AND s.minute_ms >= ? AND s.minute_ms < ?
				HAVING count(*) > 0`,
			functionId,
			fromMs,
			toMs,
		);
		return row === undefined ? null : { functionId, ...row };
	}

	ofProject(project: string, fromMs: number, toMs: number): readonly StatisticsRecord[] {
		return this.#database
			.all<Omit<StatisticsRecord, 'functionId'>>(
				`SELECT ${SUMS} FROM statistics s JOIN functions f ON f.id = s.function_id
					WHERE f.project = ? AND s.minute_ms >= ? AND s.minute_ms < ? GROUP BY s.minute_ms ORDER BY s.minute_ms`,
				project,
				fromMs,
				toMs,
			)
			.map((row) => ({ functionId: 0, ...row }));
	}

	months(project: string): readonly MonthRecord[] {
		return this.#database
			.all<{ month: string; count: number; gbMs: number }>(
				'SELECT month, count, gb_ms AS gbMs FROM months WHERE project = ? ORDER BY month',
				project,
			)
			.map(({ month, count, gbMs }) => ({ month, count, gbSeconds: gbMs / 1000 }));
	}

	#add(record: StatisticsRecord): void {
		this.#database.run(
			ADD,
			record.minuteMs,
			record.count,
			record.failCount,
			record.functionErrorCount,
			record.systemErrorCount,
			record.rejectCount,
			record.durationMs,
			record.durationMsMax,
			record.durationMsMin,
			record.concurrencyMax,
			record.instancesMax,
			record.functionId,
		);
		const month = new Date(record.minuteMs).toISOString().slice(0, 7);
		this.#database.run(ADD_MONTH, month, record.count, record.durationMs, record.functionId);
	}
}
