import { RuntimeError } from '../contract/errors.ts';
import type { CatalogDatabase } from './catalog-database.ts';
import type { Right, UserRecord } from './records.ts';

interface UserRow extends Omit<UserRecord, 'rights'> {
	readonly rights: string;
}

const SELECT = `SELECT name, rights, access_key AS accessKey, sealed_secret_key AS sealedSecretKey, token_hash AS tokenHash,
	created_ms AS createdMs FROM users`;

/** Users of the control plane. Nothing of them is kept in memory: what another process changes counts at once. */
export class UserStore {
	readonly #database: CatalogDatabase;

	constructor(database: CatalogDatabase) {
		this.#database = database;
	}

	/** Throws ERR_USER_EXISTS by name or access key. */
	create(user: Omit<UserRecord, 'createdMs'>): UserRecord {
		const record = { ...user, createdMs: Date.now() };
		this.#database.transaction(() => {
			if (this.find(user.name) !== null || this.byAccessKey(user.accessKey) !== null) {
				const message = `there is a user ${user.name}, or one with this access key; wanted another name`;
				throw new RuntimeError('ERR_USER_EXISTS', message);
			}
			this.#database.run(
				`INSERT INTO users (name, rights, access_key, sealed_secret_key, token_hash, created_ms) VALUES (?, ?, ?, ?, ?, ?)`,
				record.name,
				JSON.stringify(record.rights),
				record.accessKey,
				record.sealedSecretKey,
				record.tokenHash,
				record.createdMs,
			);
		});
		return record;
	}

	find(name: string): UserRecord | null {
		return this.#one(`${SELECT} WHERE name = ?`, name);
	}

	byAccessKey(accessKey: string): UserRecord | null {
		return this.#one(`${SELECT} WHERE access_key = ?`, accessKey);
	}

	byTokenHash(tokenHash: string): UserRecord | null {
		return this.#one(`${SELECT} WHERE token_hash = ?`, tokenHash);
	}

	/** By name. */
	list(): readonly UserRecord[] {
		return this.#database.all<UserRow>(`${SELECT} ORDER BY name`).map(userOf);
	}

	count(): number {
		return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM users')?.count ?? 0;
	}

	/** Null: the user has no token any more. Throws ERR_USER_NOT_FOUND. */
	setTokenHash(name: string, tokenHash: string | null): void {
		const changed = this.#database.run('UPDATE users SET token_hash = ? WHERE name = ?', tokenHash, name);
		if (changed === 0) throw userNotFound(name);
	}

	/** Throws ERR_USER_NOT_FOUND. */
	remove(name: string): void {
		if (this.#database.run('DELETE FROM users WHERE name = ?', name) === 0) throw userNotFound(name);
	}

	#one(sql: string, value: string): UserRecord | null {
		const row = this.#database.get<UserRow>(sql, value);
		return row === undefined ? null : userOf(row);
	}
}

function userNotFound(name: string): RuntimeError {
	return new RuntimeError('ERR_USER_NOT_FOUND', `there is no user ${name}`);
}

function userOf(row: UserRow): UserRecord {
	return { ...row, rights: JSON.parse(row.rights) as Right[] };
}
