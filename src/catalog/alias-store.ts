import { RuntimeError } from '../contract/errors.ts';
import { additionalVersions, aliasesOf, aliasNamed } from './alias-row.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import { aliasNotFound, versionNotFound } from './not-found.ts';
import type { AliasRecord } from './records.ts';
import { removeQualifier } from './remove-qualifier.ts';

/** What of an alias can change. */
export type AliasSettings = Pick<AliasRecord, 'version' | 'description' | 'weights' | 'strategy'>;

export class AliasStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_ALIAS_EXISTS, ERR_ALIAS_VERSION_TAKEN, ERR_VERSION_NOT_FOUND for the version and the additional ones. */
	create(functionId: number, { name, ...settings }: AliasSettings & { readonly name: string }): AliasRecord {
		this.#database.transaction(() => {
			if (this.find(functionId, name) !== null) {
				const message = `the function has an alias ${name}, wanted a name that is free`;
				throw new RuntimeError('ERR_ALIAS_EXISTS', message);
			}
			this.#judge(functionId, name, settings);
			this.#database.run(
				`INSERT INTO aliases (version, description, weights, strategy, modified_ms, function_id, name)
					VALUES (?, ?, ?, ?, ?, ?, ?)`,
				...valuesOf(settings),
				functionId,
				name,
			);
		});
		return this.#changed(functionId, name);
	}

	find(functionId: number, name: string): AliasRecord | null {
		return aliasNamed(this.#database, functionId, name);
	}

	/** The same. Throws ERR_ALIAS_NOT_FOUND where there is none. */
	require(functionId: number, name: string): AliasRecord {
		const record = this.find(functionId, name);
		if (record === null) throw aliasNotFound(name);
		return record;
	}

	/** By name. */
	list(functionId: number): readonly AliasRecord[] {
		return aliasesOf(this.#database, functionId);
	}

	/** What `changes` does not name stays. Throws ERR_ALIAS_NOT_FOUND, ERR_ALIAS_VERSION_TAKEN, ERR_VERSION_NOT_FOUND. */
	update(functionId: number, name: string, changes: Partial<AliasSettings>): AliasRecord {
		this.#database.transaction(() => {
			const settings = { ...this.require(functionId, name), ...changes };
			this.#judge(functionId, name, settings);
			this.#database.run(
				`UPDATE aliases SET version = ?, description = ?, weights = ?, strategy = ?, modified_ms = ?
					WHERE function_id = ? AND name = ?`,
				...valuesOf(settings),
				functionId,
				name,
			);
		});
		return this.#changed(functionId, name);
	}

	/** With its reserved instances. Throws ERR_ALIAS_NOT_FOUND; ERR_ALIAS_IN_USE where a trigger leads to it. */
	remove(functionId: number, name: string): void {
		this.#database.transaction(() => {
			this.require(functionId, name);
			const bound = this.#database.get<{ id: string }>(
				`SELECT id FROM triggers WHERE function_id = ? AND qualifier = ?`,
				functionId,
				`!${name}`,
			);
			if (bound !== undefined) {
				const message = `trigger ${bound.id} leads to alias ${name}, wanted an alias without triggers`;
				throw new RuntimeError('ERR_ALIAS_IN_USE', message);
			}
			removeQualifier(this.#database, functionId, `!${name}`);
			this.#database.run(`DELETE FROM aliases WHERE function_id = ? AND name = ?`, functionId, name);
		});
		this.#changes.tell({ kind: 'alias', functionId });
	}

	#judge(functionId: number, name: string, settings: AliasSettings): void {
		for (const version of [settings.version, ...additionalVersions(settings)]) {
			const found = this.#database.get(
				`SELECT 1 FROM revisions WHERE function_id = ? AND version = ?`,
				functionId,
				version,
			);
			if (found === undefined) throw versionNotFound(version);
		}
		const taken = this.list(functionId).find(
			(alias) => alias.version === settings.version && alias.name !== name,
		);
		if (taken === undefined) return;
		const message = `version ${settings.version} has the alias ${taken.name}, wanted a version that has none`;
		throw new RuntimeError('ERR_ALIAS_VERSION_TAKEN', message);
	}

	#changed(functionId: number, name: string): AliasRecord {
		const record = this.require(functionId, name);
		this.#changes.tell({ kind: 'alias', functionId });
		return record;
	}
}

function valuesOf({ version, description, weights, strategy }: AliasSettings) {
	const text = (value: object | null) => (value === null ? null : JSON.stringify(value));
	return [version, description, text(weights), text(strategy), Date.now()];
}
