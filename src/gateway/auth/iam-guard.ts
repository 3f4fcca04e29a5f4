/**
 * Lets users in (auth IAM): those of the control plane, with the right invoke. They sign with their access key, or send a token;
 * where a request has both, the signature decides.
 */
import type { UserRecord } from '../../catalog/records.ts';
import { accessTokenEndMs, accessTokenHash } from '../../contract/access-token.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { SignatureRules } from '../../contract/judge-sdk-signature.ts';
import { headerOf, type SignedHead } from '../../contract/sdk-signature.ts';
import type { Guard, GuardedRequest, Verdict } from '../guard.ts';
import { judgedHead } from './guarded-head.ts';
import { judgeSigned, type KeyOwner } from './judge-signed.ts';

export type IamUser = Pick<UserRecord, 'name' | 'rights' | 'sealedSecretKey'>;

export interface IamUsers {
	byAccessKey(accessKey: string): IamUser | null;
	/** By the SHA-256 of a token, hexadecimal. */
	byTokenHash(tokenHash: string): IamUser | null;
}

export interface IamGuardOptions {
	readonly users: IamUsers;
	/** Secret keys by their sealed form. Throws ERR_STATE_UNAVAILABLE. */
	readonly secretKeys: { of(sealed: string): string };
	/** Milliseconds since 1970. */
	readonly now?: () => number;
}

/** The platform's own words come first (documented). */
const PREFIX = 'Incorrect IAM authentication information: ';
const RULES: SignatureRules = { code: 'ERR_IAM_UNAUTHORIZED', prefix: PREFIX, unsignedPayload: true };

export class IamGuard implements Guard {
	readonly #users: IamUsers;
	readonly #secretKeys: IamGuardOptions['secretKeys'];
	readonly #now: () => number;

	constructor({ users, secretKeys, now = Date.now }: IamGuardOptions) {
		this.#users = users;
		this.#secretKeys = secretKeys;
		this.#now = now;
	}

	judge(request: GuardedRequest): Verdict {
		return judgedHead(request, unauthorized, (head) => this.#judge(head));
	}

	#judge(head: SignedHead): Verdict {
		const authorization = headerOf(head, 'authorization');
		const token = headerOf(head, 'x-auth-token');
		// Another scheme is the function's business, where a token says who calls.
		if (authorization !== null && (token === null || /^SDK-HMAC-SHA256(?: |$)/i.test(authorization))) {
			return judgeSigned(head, authorization, this.#now(), RULES, (key) => this.#ownerOf(key));
		}
		if (token !== null) return this.#judgeToken(token);
		return unauthorized('found no credentials, wanted "Authorization: SDK-HMAC-SHA256 …" or X-Auth-Token');
	}

	#judgeToken(token: string): Verdict {
		// A look-up by hash says nothing of how much of a wrong token is right.
		const user = this.#users.byTokenHash(accessTokenHash(token));
		const endMs = accessTokenEndMs(token);
		if (user === null || endMs === null) return unauthorized('the token in X-Auth-Token is nobody’s');
		if (this.#now() >= endMs) {
			return unauthorized(`token expires, expires_at: ${new Date(endMs).toISOString()}`);
		}
		return refusal(user) ?? { kind: 'admitted', app: null, user: user.name, lines: '', judgeBody: null };
	}

	#ownerOf(accessKey: string): KeyOwner | null {
		const user = this.#users.byAccessKey(accessKey);
		if (user === null) return null;
		const secretKey = this.#secretKeys.of(user.sealedSecretKey);
		return { app: null, user: user.name, secretKey, refusal: () => refusal(user) };
	}
}

/** Told only to who proved to be the user. */
function refusal({ name, rights }: IamUser): RuntimeError | null {
	if (rights.includes('invoke')) return null;
	return new RuntimeError(
		'ERR_IAM_FORBIDDEN',
		`The IAM user is not authorized to access the API: ${name} has ${rights.join(', ')}, wanted invoke`,
	);
}

function unauthorized(message: string): RuntimeError {
	return new RuntimeError('ERR_IAM_UNAUTHORIZED', `${PREFIX}${message}`);
}
