/** An Authenticator with users of its own, and a clock that stands still until it is moved. */

import * as assert from 'uvu/assert';
import type { UserRecord } from '../../../src/catalog/records.ts';
import { Authenticator, type AuthenticatorOptions } from '../../../src/control/auth/authenticator.ts';
import type { Identity } from '../../../src/control/identity.ts';
import { DATE, KEY, sha256, type WireRequest } from '../../contract/sdk-request.ts';
import { thrown } from '../../contract/thrown-code.ts';

export class AuthBed {
	nowMs = DATE.ms;
	readonly users: UserRecord[];
	readonly authenticator: Authenticator;

	constructor(users: readonly UserRecord[] = [user()], open = false) {
		this.users = [...users];
		const found = (matches: (user: UserRecord) => boolean) => this.users.find(matches) ?? null;
		const options: AuthenticatorOptions = {
			users: {
				count: () => this.users.length,
				byAccessKey: (accessKey) => found((user) => user.accessKey === accessKey),
				byTokenHash: (tokenHash) => found((user) => user.tokenHash === tokenHash),
			},
			sealer: { open: (sealed) => sealed.slice('sealed '.length) },
			open,
			now: () => this.nowMs,
		};
		this.authenticator = new Authenticator(options);
	}

	/** The message with which it is refused. */
	refused(request: WireRequest): string {
		const error = thrown(() => this.judge(request));
		assert.is(error?.code, 'ERR_UNAUTHORIZED', error?.message);
		const message = error?.message ?? '';
		assert.not(message.includes(KEY.secretKey));
		return message;
	}

	/** Who makes it. Throws what the Authenticator throws. */
	judge({ body, ...head }: WireRequest): Identity {
		return this.authenticator.begin(head).finish(sha256(body));
	}
}

export function user(more: Partial<UserRecord> = {}): UserRecord {
	return {
		name: 'ada',
		rights: ['read', 'deploy'],
		accessKey: KEY.accessKey,
		sealedSecretKey: `sealed ${KEY.secretKey}`,
		tokenHash: null,
		createdMs: 0,
		...more,
	};
}
