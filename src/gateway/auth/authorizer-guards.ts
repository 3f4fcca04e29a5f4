/**
 * Guards that ask an authorizer, by what they ask it and for which API. A change of the catalog makes ways to functions anew; what
 * an authorizer answered stays for as long as nothing of it or the API changed.
 */

import type { AuthorizedApi } from './authorizer-event.ts';
import { type Authorizer, AuthorizerGuard, type AuthorizerGuardOptions } from './authorizer-guard.ts';

/** Beyond that, the guard that was asked for longest ago is made anew. */
const GUARDS_MAX = 1000;

export class AuthorizerGuards {
	readonly #options: Pick<AuthorizerGuardOptions, 'invoke' | 'now'>;
	readonly #guards = new Map<string, AuthorizerGuard>();

	constructor(options: Pick<AuthorizerGuardOptions, 'invoke' | 'now'>) {
		this.#options = options;
	}

	of(authorizer: Authorizer, api: AuthorizedApi): AuthorizerGuard {
		const { name, functionUrn, identities, ttlSeconds, userData } = authorizer;
		const sources = identities.map((identity) => [identity.location, identity.name]);
		const key = JSON.stringify([api.id, api.stage, name, functionUrn, sources, ttlSeconds, userData]);
		const guard = this.#guards.get(key) ?? new AuthorizerGuard({ ...this.#options, authorizer, api });
		this.#guards.delete(key);
		this.#guards.set(key, guard);
		for (const oldest of this.#guards.keys()) {
			if (this.#guards.size <= GUARDS_MAX) break;
			this.#guards.delete(oldest);
		}
		return guard;
	}
}
