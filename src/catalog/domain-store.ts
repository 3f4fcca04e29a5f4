import { RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';

/** A name by which clients reach the APIs of a group. */
export interface DomainRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly project: string;
	readonly groupId: string;
	/** In lower case; `*.` stands for one label. */
	readonly name: string;
	readonly createdMs: number;
}

const SELECT = 'SELECT id, project, group_id AS groupId, name, created_ms AS createdMs FROM domains';

/** The domain names of groups of APIs. One name leads to one group. */
export class DomainStore {
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges) {
		this.#database = database;
		this.#changes = changes;
	}

	/** Throws ERR_DOMAIN_EXISTS where the name leads to a group already. */
	add(given: Omit<DomainRecord, 'createdMs'>): DomainRecord {
		const record = { ...given, createdMs: Date.now() };
		const { id, project, groupId, name, createdMs } = record;
		this.#change(() => {
			const holder = this.#byName(name);
			if (holder !== null)
				throw new RuntimeError('ERR_DOMAIN_EXISTS', `${name} leads to the group ${holder.groupId} already`);
			this.#database.run(
				'INSERT INTO domains (id, project, group_id, name, created_ms) VALUES (?, ?, ?, ?, ?)',
				id,
				project,
				groupId,
				name,
				createdMs,
			);
		});
		return record;
	}

	/** In the order in which they were added. */
	ofGroup(groupId: string): readonly DomainRecord[] {
		return this.#database.all<DomainRecord>(`${SELECT} WHERE group_id = ? ORDER BY rowid`, groupId);
	}

	all(): readonly DomainRecord[] {
		return this.#database.all<DomainRecord>(SELECT);
	}

	remove(id: string): void {
		this.#change(() => this.#database.run('DELETE FROM domains WHERE id = ?', id));
	}

	#byName(name: string): DomainRecord | null {
		return this.#database.get<DomainRecord>(`${SELECT} WHERE name = ?`, name) ?? null;
	}

	#change(work: () => void): void {
		this.#database.transaction(work);
		this.#changes.tell({ kind: 'policy', functionId: 0 });
	}
}
