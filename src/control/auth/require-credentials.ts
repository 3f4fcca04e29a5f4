import type { UserStore } from '../../catalog/user-store.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { isLoopbackHost } from '../../contract/loopback-host.ts';

/**
 * Whether the control plane may listen at this host: `open`, where only this machine reaches it. Throws
 * ERR_CREDENTIALS_MISSING where others could and there is no user yet.
 */
export function requireCredentials(
	listen: { readonly host: string },
	users: Pick<UserStore, 'count'>,
): { open: boolean } {
	if (isLoopbackHost(listen.host)) return { open: true };
	if (users.count() > 0) return { open: false };
	throw new RuntimeError(
		'ERR_CREDENTIALS_MISSING',
		`the control plane is to listen on ${listen.host}, which other machines reach, and there are no users; wanted one, or 127.0.0.1`,
	);
}
