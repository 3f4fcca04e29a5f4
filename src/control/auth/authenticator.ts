/**
 * Who makes a call of the control plane. What can be judged without the body is judged by `begin`, the rest by `finish`;
 * nothing of a request is acted on before. Failures are ERR_UNAUTHORIZED, with what was found and wanted, never a secret.
 */
import { shortened } from '../../base/shortened.ts';
import { RIGHTS, type UserRecord } from '../../catalog/records.ts';
import type { Sealer } from '../../catalog/sealer.ts';
import { SecretKeys } from '../../catalog/secret-keys.ts';
import type { UserStore } from '../../catalog/user-store.ts';
import { accessTokenEndMs, accessTokenHash } from '../../contract/access-token.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { judgeSdkSignature, type SignatureRules } from '../../contract/judge-sdk-signature.ts';
import { isLoopbackHost } from '../../contract/loopback-host.ts';
import { headerOf, isSignatureOf, type SignedHead } from '../../contract/sdk-signature.ts';
import type { Identity } from '../identity.ts';
import { SeenSignatures } from './seen-signatures.ts';

export type RequestHead = SignedHead;

export interface PendingIdentity {
	/** Who it is if `finish` agrees. */
	readonly identity: Identity;
	/** False: `finish` does not look at the body. */
	readonly needsBodyDigest: boolean;
	/** Of the whole body, hexadecimal. Throws ERR_UNAUTHORIZED. Called once. */
	finish(bodySha256Hex: string): Identity;
}

export interface AuthenticatorOptions {
	readonly users: Pick<UserStore, 'byAccessKey' | 'byTokenHash' | 'count'>;
	readonly sealer: Pick<Sealer, 'open'>;
	/**
	 * While there are no users, take every signature and token unjudged: for a server that only this machine reaches.
	 * The first user ends that at once, until the next start.
	 */
	readonly open: boolean;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
}

/** The way here is not encrypted: a body that nobody signed could be anybody's. */
const RULES: SignatureRules = { code: 'ERR_UNAUTHORIZED', prefix: '', unsignedPayload: false };
/** Characters of what a stranger sent, in a message. */
const SHOWN_CHARS_MAX = 256;

const ANYONE: Identity = { name: 'anyone', rights: new Set(RIGHTS) };

export class Authenticator {
	readonly #users: AuthenticatorOptions['users'];
	readonly #secretKeys: SecretKeys;
	#open: boolean;
	readonly #now: () => number;
	readonly #seen = new SeenSignatures();

	constructor({ users, sealer, open, now = Date.now }: AuthenticatorOptions) {
		this.#users = users;
		this.#secretKeys = new SecretKeys(sealer);
		this.#open = open;
		this.#now = now;
	}

	begin(head: RequestHead): PendingIdentity {
		const authorization = headerOf(head, 'authorization');
		const token = headerOf(head, 'x-auth-token');
		// Once there was a user it stays closed: who removes the last one means to end something, not to open the door.
		this.#open &&= this.#users.count() === 0;
		if (this.#open) return beginOpen(head, authorization, token);
		if (authorization !== null) return this.#beginSigned(head, authorization);
		if (token !== null) return settled(this.#userOf(token));
		throw missing();
	}

	#beginSigned(head: RequestHead, text: string): PendingIdentity {
		const { authorization, claimedSha256 } = judgeSdkSignature(head, text, this.#now(), RULES);
		const { accessKey } = authorization;
		const user = this.#users.byAccessKey(accessKey);
		if (user === null) {
			throw unauthorized(`no user has the access key "${shortened(accessKey, SHOWN_CHARS_MAX)}"`);
		}
		const identity = identityOf(user);
		const finish = (bodySha256Hex: string): Identity => {
			if (claimedSha256 !== null && claimedSha256 !== bodySha256Hex) {
				throw unauthorized('the body has another SHA-256 than X-Sdk-Content-Sha256 says');
			}
			const secretKey = this.#secretKeys.of(user.sealedSecretKey);
			if (!isSignatureOf(authorization, head, bodySha256Hex, secretKey)) {
				throw unauthorized(
					`the signature is not that of this request with the secret key of "${accessKey}": another key, or something changed on the way`,
				);
			}
			if (changesSomething(head) && !this.#seen.admit(authorization.signature, this.#now())) {
				throw unauthorized('this very request was accepted before: sign it anew to make it once more');
			}
			return identity;
		};
		return { identity, needsBodyDigest: true, finish };
	}

	#userOf(token: string): Identity {
		// A look-up by hash says nothing of how much of a wrong token is right.
		const user = this.#users.byTokenHash(accessTokenHash(token));
		if (user === null) throw unauthorized('the token in X-Auth-Token is nobody’s: see httpfn help user');
		const endMs = accessTokenEndMs(token);
		if (endMs === null || this.#now() >= endMs) {
			throw unauthorized(`the token of ${user.name} ended: httpfn user token ${user.name} makes another`);
		}
		return identityOf(user);
	}
}

/**
 * A web page can have a browser send requests to this machine. It can not have it add these headers without being asked
 * first, which nobody answers; and by way of a name that it points here, the Host is that name.
 */
function beginOpen(head: RequestHead, authorization: string | null, token: string | null): PendingIdentity {
	const host = headerOf(head, 'host') ?? '';
	if (!isLoopbackHost(host)) {
		throw unauthorized(
			`Host is ${JSON.stringify(host.slice(0, 256))}; a server without users wants localhost, 127.0.0.1 or [::1]`,
		);
	}
	// Not just any Authorization: browsers send Basic of their own accord.
	if (!/^\S+-HMAC-SHA256 ./.test(authorization ?? '') && !token) throw missing();
	return settled(ANYONE);
}

/** Calls of functions may be alike by the thousand; and what they change is the function's own business. */
function changesSomething({ method, url }: RequestHead): boolean {
	return method !== 'GET' && !/^[^?]*\/invocations\/?(?:\?|$)/.test(url);
}

function identityOf({ name, rights }: UserRecord): Identity {
	return { name, rights: new Set(rights) };
}

function settled(identity: Identity): PendingIdentity {
	return { identity, needsBodyDigest: false, finish: () => identity };
}

function missing(): RuntimeError {
	return unauthorized(
		'found no credentials, wanted "Authorization: SDK-HMAC-SHA256 …", as the platform’s SDKs sign, or X-Auth-Token',
	);
}

function unauthorized(message: string): RuntimeError {
	return new RuntimeError('ERR_UNAUTHORIZED', message);
}
