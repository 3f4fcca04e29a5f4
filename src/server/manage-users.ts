/** Users of the control plane, looked after from the machine of the server, beside a server that runs or without one. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import type { Right, UserRecord } from '../catalog/records.ts';
import { Sealer } from '../catalog/sealer.ts';
import { newAccessToken } from '../control/auth/access-token.ts';
import { type AccessKey, newAccessKey } from '../control/auth/new-access-key.ts';

/** Without what is secret. */
export interface ListedUser extends Pick<UserRecord, 'name' | 'rights' | 'accessKey' | 'createdMs'> {
	/** Whether a token was made; it may have ended. */
	readonly token: boolean;
}

/** The secret key is known to nobody but the caller from now on. Throws ERR_USER_EXISTS. */
export function addUser(stateFolder: string, name: string, rights: readonly Right[]): AccessKey {
	return withCatalog(stateFolder, ({ users }) => {
		const key = newAccessKey();
		const sealedSecretKey = Sealer.open(stateFolder).seal(key.secretKey);
		users.create({ name, rights, accessKey: key.accessKey, sealedSecretKey, tokenHash: null });
		return key;
	});
}

/** By name. */
export function listUsers(stateFolder: string): readonly ListedUser[] {
	// To look is not to make.
	if (!existsSync(path.join(stateFolder, 'catalog.db'))) return [];
	return withCatalog(stateFolder, ({ users }) =>
		users.list().map(({ name, rights, accessKey, createdMs, tokenHash }) => {
			return { name, rights, accessKey, createdMs, token: tokenHash !== null };
		}),
	);
}

/** Their keys and token count no more. Throws ERR_USER_NOT_FOUND. */
export function removeUser(stateFolder: string, name: string): void {
	withCatalog(stateFolder, ({ users }) => users.remove(name));
}

/** A token in place of the one before. Throws ERR_USER_NOT_FOUND. */
export function renewToken(
	stateFolder: string,
	name: string,
	hours: number,
): { readonly token: string; readonly endsMs: number } {
	const { token, hash, endsMs } = newAccessToken(Date.now(), hours);
	withCatalog(stateFolder, ({ users }) => users.setTokenHash(name, hash));
	return { token, endsMs };
}

function withCatalog<T>(stateFolder: string, work: (catalog: Catalog) => T): T {
	const catalog = Catalog.open(stateFolder, { shared: true });
	try {
		return work(catalog);
	} finally {
		catalog.close();
	}
}
