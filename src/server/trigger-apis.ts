/** What the APIs of triggers ask of their callers, by what the catalog says now. */
import type { TriggerRecord } from '../catalog/records.ts';
import type { SecretKeys } from '../catalog/secret-keys.ts';
import type { UserStore } from '../catalog/user-store.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Api } from '../gateway/api.ts';
import { IamGuard } from '../gateway/auth/iam-guard.ts';
import type { Guard } from '../gateway/guard.ts';

export interface TriggerApisOptions {
	readonly users: Pick<UserStore, 'byAccessKey' | 'byTokenHash'>;
	readonly secretKeys: Pick<SecretKeys, 'of'>;
}

export class TriggerApis {
	readonly #users: Guard;

	constructor({ users, secretKeys }: TriggerApisOptions) {
		this.#users = new IamGuard({ users, secretKeys });
	}

	of(trigger: TriggerRecord): Api {
		const { type, timeoutMs, eventData } = trigger;
		return {
			id: String(eventData.api_id),
			family: type === 'APIC' ? 'APIC' : 'APIG',
			backendTimeoutMs: timeoutMs,
			guard: this.#guardOf(trigger),
			addresses: null,
			throttle: null,
			cors: null,
		};
	}

	/** Null: anybody may call it. */
	#guardOf(trigger: TriggerRecord): Guard | null {
		switch (trigger.auth) {
			case 'NONE':
				return null;
			case 'IAM':
				return this.#users;
			case 'APP':
				return closed(trigger);
			default:
				return trigger.auth satisfies never;
		}
	}
}

/** Nobody is let in whom nobody has judged. */
function closed({ auth, path }: TriggerRecord): Guard {
	const error = new RuntimeError(
		'ERR_TRIGGER_AUTH',
		`the trigger of ${path} asks for ${auth} authentication, which this gateway does not judge yet: it lets nobody in`,
	);
	return { judge: () => error };
}
