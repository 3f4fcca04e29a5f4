import { shortened } from '../base/shortened.ts';
import { type ErrorCode, RuntimeError } from '../contract/errors.ts';
import type { CatalogChanges } from './catalog-change.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { Policy, PolicyBase, PolicyBindingRecord, PolicyKind } from './policy-records.ts';

interface PolicyRow extends PolicyBase {
	readonly content: string;
}

const SELECT = `SELECT id, project, name, remark, content, created_ms AS createdMs, modified_ms AS modifiedMs FROM policies
	WHERE kind = ?`;
const BINDINGS = `SELECT id, policy_id AS policyId, api_id AS apiId, created_ms AS createdMs FROM policy_bindings
	WHERE kind = ?`;

/** How a kind of policy is called in errors, and which these are. */
interface PolicyWords {
	readonly noun: string;
	readonly missing: ErrorCode;
	readonly exists: ErrorCode;
}

const WORDS = {
	throttle: { noun: 'throttle', missing: 'ERR_THROTTLE_NOT_FOUND', exists: 'ERR_THROTTLE_EXISTS' },
	acl: { noun: 'address list', missing: 'ERR_ACL_NOT_FOUND', exists: 'ERR_ACL_EXISTS' },
	plugin: { noun: 'plug-in', missing: 'ERR_PLUGIN_NOT_FOUND', exists: 'ERR_PLUGIN_EXISTS' },
} as const satisfies Record<PolicyKind, PolicyWords>;

/** The policies of one kind, and which APIs each holds for. */
export class PolicyStore<Content extends object> {
	readonly kind: PolicyKind;
	readonly #database: CatalogDatabase;
	readonly #changes: CatalogChanges;

	constructor(database: CatalogDatabase, changes: CatalogChanges, kind: PolicyKind) {
		this.#database = database;
		this.#changes = changes;
		this.kind = kind;
	}

	/** Throws ERR_…_EXISTS by its name. */
	create(given: Omit<Policy<Content>, 'createdMs' | 'modifiedMs'>): Policy<Content> {
		const nowMs = Date.now();
		// What is left out of `given` is what is added here.
		const record = { ...given, createdMs: nowMs, modifiedMs: nowMs } as unknown as Policy<Content>;
		const { id, project, name, remark } = record;
		this.change(() => {
			this.#judgeFree(record);
			this.#database.run(
				`INSERT INTO policies (id, kind, project, name, remark, content, created_ms, modified_ms)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				id,
				this.kind,
				project,
				name,
				remark,
				contentOf(record),
				nowMs,
				nowMs,
			);
		});
		return record;
	}

	find(id: string): Policy<Content> | null {
		return this.#policyOf(this.#database.get<PolicyRow>(`${SELECT} AND id = ?`, this.kind, id));
	}

	/** Throws ERR_…_NOT_FOUND, also for one of another project. */
	require(project: string, id: string): Policy<Content> {
		const record = this.find(id);
		if (record !== null && record.project === project) return record;
		const { noun, missing } = WORDS[this.kind];
		throw new RuntimeError(missing, `there is no ${noun} ${shortened(id, 64)}`);
	}

	/** By name. */
	list(project: string): readonly Policy<Content>[] {
		const sql = `${SELECT} AND project = ? ORDER BY name`;
		const rows = this.#database.all<PolicyRow>(sql, this.kind, project);
		return rows.map((row) => this.#policyOf(row)).filter((policy) => policy !== null);
	}

	/** Throws ERR_…_NOT_FOUND, ERR_…_EXISTS. */
	update(
		project: string,
		id: string,
		changes: Partial<Content & Pick<PolicyBase, 'name' | 'remark'>>,
	): Policy<Content> {
		return this.change(() => {
			const record = { ...this.require(project, id), ...changes, modifiedMs: Date.now() };
			this.#judgeFree(record);
			this.#database.run(
				'UPDATE policies SET name = ?, remark = ?, content = ?, modified_ms = ? WHERE id = ?',
				record.name,
				record.remark,
				contentOf(record),
				record.modifiedMs,
				id,
			);
			return record;
		});
	}

	/** With what it is bound to. Throws ERR_…_NOT_FOUND. */
	remove(project: string, id: string): void {
		this.change(() => {
			this.require(project, id);
			this.#database.run('DELETE FROM policies WHERE id = ?', id);
		});
	}

	/** Null: none of this kind holds for it. */
	ofApi(apiId: string): Policy<Content> | null {
		const sql = `${SELECT} AND id = (SELECT policy_id FROM policy_bindings WHERE kind = ? AND api_id = ?)`;
		return this.#policyOf(this.#database.get<PolicyRow>(sql, this.kind, this.kind, apiId));
	}

	/** All or none. An API has one of a kind: it leaves the one that it had. */
	bind(given: readonly Omit<PolicyBindingRecord, 'createdMs'>[]): readonly PolicyBindingRecord[] {
		const createdMs = Date.now();
		return this.change(() =>
			given.map((binding) => {
				const { id, policyId, apiId } = binding;
				this.#database.run('DELETE FROM policy_bindings WHERE kind = ? AND api_id = ?', this.kind, apiId);
				this.#database.run(
					'INSERT INTO policy_bindings (id, kind, policy_id, api_id, created_ms) VALUES (?, ?, ?, ?, ?)',
					id,
					this.kind,
					policyId,
					apiId,
					createdMs,
				);
				return { ...binding, createdMs };
			}),
		);
	}

	/** Null: there is none, or it belongs to another project. */
	findBinding(project: string, id: string): PolicyBindingRecord | null {
		const found = this.#database.get<PolicyBindingRecord>(`${BINDINGS} AND id = ?`, this.kind, id);
		if (found === undefined) return null;
		return this.find(found.policyId)?.project === project ? found : null;
	}

	unbind(ids: readonly string[]): void {
		this.change(() => {
			for (const id of ids) this.#database.run('DELETE FROM policy_bindings WHERE id = ?', id);
		});
	}

	/** In the order in which they were made. */
	bindings(by: { readonly policyId: string } | { readonly apiId: string }): readonly PolicyBindingRecord[] {
		const [column, id] = 'apiId' in by ? ['api_id', by.apiId] : ['policy_id', by.policyId];
		const sql = `${BINDINGS} AND ${column} = ? ORDER BY rowid`;
		return this.#database.all<PolicyBindingRecord>(sql, this.kind, id);
	}

	/** One transaction, told when it is on the disk. */
	protected change<T>(work: () => T): T {
		const result = this.#database.transaction(work);
		this.#changes.tell({ kind: 'policy', functionId: 0 });
		return result;
	}

	#judgeFree({ id, project, name }: PolicyBase): void {
		const sql = 'SELECT 1 FROM policies WHERE id <> ? AND kind = ? AND project = ? AND name = ?';
		if (this.#database.get(sql, id, this.kind, project, name) === undefined) return;
		const { noun, exists } = WORDS[this.kind];
		throw new RuntimeError(exists, `there is a ${noun} ${name}; wanted another name`);
	}

	#policyOf(row: PolicyRow | undefined): Policy<Content> | null {
		if (row === undefined) return null;
		const { content, ...base } = row;
		return { ...base, ...(JSON.parse(content) as Content) };
	}
}

/** All that is not in columns of its own. */
function contentOf(policy: PolicyBase): string {
	const { id, project, name, remark, createdMs, modifiedMs, ...content } = policy;
	return JSON.stringify(content);
}
