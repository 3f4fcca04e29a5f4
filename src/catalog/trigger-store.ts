import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { JsonObject } from './function-config.ts';
import { triggerNotFound } from './not-found.ts';
import type { TriggerRecord } from './records.ts';
import { requireQualifier } from './require-qualifier.ts';
import { stageOf, USUAL_STAGE } from './trigger-stage.ts';

export type NewTrigger = Omit<TriggerRecord, 'functionId' | 'createdMs' | 'modifiedMs'>;

/** What of a trigger can change. */
export type TriggerSettings = Omit<NewTrigger, 'id' | 'qualifier' | 'type'>;

interface TriggerRow extends Omit<TriggerRecord, 'eventData'> {
	readonly eventData: string;
}

const SELECT = `SELECT id, function_id AS functionId, qualifier, type, status, group_id AS groupId, path, match, method, auth,
	timeout_ms AS timeoutMs, event_data AS eventData, created_ms AS createdMs, modified_ms AS modifiedMs FROM triggers`;

export class TriggerStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_TRIGGER_EXISTS by its id, ERR_TRIGGER_PATH_TAKEN; ERR_VERSION_NOT_FOUND, ERR_ALIAS_NOT_FOUND by its qualifier. */
	create(functionId: number, trigger: NewTrigger): TriggerRecord {
		this.#database.transaction(() => {
			requireQualifier(this.#database, functionId, trigger.qualifier);
			if (this.#database.get(`SELECT 1 FROM triggers WHERE id = ?`, trigger.id) !== undefined) {
				const message = `there is a trigger ${trigger.id}, wanted an id that is free`;
				throw new RuntimeError('ERR_TRIGGER_EXISTS', message);
			}
			this.#judgePath(trigger.id, trigger);
			const nowMs = Date.now();
			this.#database.run(
				`INSERT INTO triggers (status, group_id, path, match, method, auth, timeout_ms, event_data, modified_ms, created_ms, id,
					function_id, qualifier, type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				...valuesOf(trigger, nowMs),
				nowMs,
				trigger.id,
				functionId,
				trigger.qualifier,
				trigger.type,
			);
		});
		return this.#changed(functionId, trigger.id);
	}

	find(functionId: number, id: string): TriggerRecord | null {
		const row = this.#database.get<TriggerRow>(`${SELECT} WHERE id = ? AND function_id = ?`, id, functionId);
		return row === undefined ? null : triggerOf(row);
	}

	/** The same. Throws ERR_TRIGGER_NOT_FOUND where there is none. */
	require(functionId: number, id: string): TriggerRecord {
		const record = this.find(functionId, id);
		if (record === null) throw triggerNotFound(id);
		return record;
	}

	/** In the order they were made; of one qualifier only, where it is given. */
	list(functionId: number, qualifier?: string): readonly TriggerRecord[] {
		const rows =
			qualifier === undefined
				? this.#database.all<TriggerRow>(`${SELECT} WHERE function_id = ? ORDER BY sequence`, functionId)
				: this.#database.all<TriggerRow>(
						`${SELECT} WHERE function_id = ? AND qualifier = ? ORDER BY sequence`,
						functionId,
						qualifier,
					);
		return rows.map(triggerOf);
	}

	/** What `changes` does not name stays. Throws ERR_TRIGGER_NOT_FOUND, ERR_TRIGGER_PATH_TAKEN. */
	update(functionId: number, id: string, changes: Partial<TriggerSettings>): TriggerRecord {
		const before = this.#database.transaction(() => {
			const found = this.require(functionId, id);
			const settings = { ...found, ...changes };
			this.#judgePath(id, settings);
			this.#database.run(
				`UPDATE triggers SET status = ?, group_id = ?, path = ?, match = ?, method = ?, auth = ?, timeout_ms = ?, event_data = ?,
					modified_ms = ? WHERE id = ?`,
				...valuesOf(settings, Date.now()),
				id,
			);
			return found;
		});
		const { groupId } = before;
		if (changes.groupId !== undefined && changes.groupId !== groupId) {
			this.#changes.tell({ kind: 'trigger', functionId, groupId });
		}
		return this.#changed(functionId, id);
	}

	/** Throws ERR_TRIGGER_NOT_FOUND. */
	remove(functionId: number, id: string): void {
		const { groupId } = this.#database.transaction(() => {
			const found = this.require(functionId, id);
			this.#database.run(`DELETE FROM triggers WHERE id = ?`, id);
			return found;
		});
		this.#changes.tell({ kind: 'trigger', functionId, groupId });
	}

	/** Of one qualifier only, where it is given. Answers how many there were. */
	removeAll(functionId: number, qualifier?: string): number {
		const removed = this.#database.transaction(() => {
			const found = this.list(functionId, qualifier);
			for (const { id } of found) this.#database.run(`DELETE FROM triggers WHERE id = ?`, id);
			return found;
		});
		const groups = new Set(removed.map(({ groupId }) => groupId));
		for (const groupId of groups) this.#changes.tell({ kind: 'trigger', functionId, groupId });
		return removed.length;
	}

	/** Of all functions and projects, whatever their status. */
	ofGroup(groupId: string): readonly TriggerRecord[] {
		return this.#database
			.all<TriggerRow>(`${SELECT} WHERE group_id = ? ORDER BY sequence`, groupId)
			.map(triggerOf);
	}

	/** The trigger that published an API; null: none has. */
	ofApi(apiId: string): TriggerRecord | null {
		const row = this.#database.get<TriggerRow>(`${SELECT} WHERE event_data ->> 'api_id' = ?`, apiId);
		return row === undefined ? null : triggerOf(row);
	}

	/** Ids of the groups that triggers of the project's functions are in, sorted. */
	groups(project: string): readonly string[] {
		const rows = this.#database.all<{ groupId: string }>(
			`SELECT DISTINCT t.group_id AS groupId FROM functions f JOIN triggers t ON t.function_id = f.id WHERE f.project = ?
				ORDER BY t.group_id`,
			project,
		);
		return rows.map(({ groupId }) => groupId);
	}

	#judgePath(id: string, settings: TriggerSettings): void {
		const { status, groupId, path, match, method } = settings;
		if (status !== 'ACTIVE') return;
		const taken = this.#database.get<{ id: string }>(
			`SELECT id FROM triggers WHERE group_id = ? AND path = ? AND match = ? AND coalesce(method, '') = ?
				AND coalesce(nullif(event_data ->> 'env_name', ''), '${USUAL_STAGE}') = ? AND status = 'ACTIVE' AND id <> ?`,
			groupId,
			path,
			match,
			method ?? '',
			stageOf(settings),
			id,
		);
		if (taken === undefined) return;
		const message = `trigger ${taken.id} of group ${groupId} answers ${method ?? 'every method'} ${path} (${match}), wanted a path, match or method that is free`;
		throw new RuntimeError('ERR_TRIGGER_PATH_TAKEN', message);
	}

	#changed(functionId: number, id: string): TriggerRecord {
		const record = this.require(functionId, id);
		this.#changes.tell({ kind: 'trigger', functionId, groupId: record.groupId });
		return record;
	}
}

function triggerOf(row: TriggerRow): TriggerRecord {
	return { ...row, eventData: JSON.parse(row.eventData) as JsonObject };
}

function valuesOf(settings: TriggerSettings, nowMs: number) {
	const { status, groupId, path, match, method, auth, timeoutMs, eventData } = settings;
	return [status, groupId, path, match, method, auth, timeoutMs, JSON.stringify(eventData), nowMs];
}
