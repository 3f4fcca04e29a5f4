/**
 * Lets apps in that were authorized for one API (auth APP). An app shows who it is in one of four ways, and the first of these
 * that a request has decides alone:
 *
 *   Authorization: SDK-HMAC-SHA256 …        signed with the app's key and secret
 *   X-Apig-AppCode: <code>                  one of the app's codes
 *   X-HW-ID: <key>, X-HW-AppKey: <secret>
 *   Authorization: Basic base64(<key>:<secret>)
 */
import { Buffer } from 'node:buffer';
import { RuntimeError } from '../../contract/errors.ts';
import type { SignatureRules } from '../../contract/judge-sdk-signature.ts';
import { headerOf, type SignedHead } from '../../contract/sdk-signature.ts';
import type { Guard, GuardedRequest, Verdict } from '../guard.ts';
import type { App, AppDirectory } from './app-directory.ts';
import { judgedHead } from './guarded-head.ts';
import { judgeSigned, type KeyOwner } from './judge-signed.ts';
import { NOBODYS_SECRET, sameSecret } from './same-secret.ts';

export interface AppGuardOptions {
	readonly apiId: string;
	readonly apps: AppDirectory;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
}

/** The platform's own words come first (documented). */
const PREFIX = 'Incorrect app authentication information: ';
/** Bodies may go unsigned, as at the platform's gateway (documented): who signs chooses. */
const RULES: SignatureRules = { code: 'ERR_APP_UNAUTHORIZED', prefix: PREFIX, unsignedPayload: true };
const SIGNED = /^SDK-HMAC-SHA256(?: |$)/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
/** Of a key, a code or a secret (ours). */
const CREDENTIAL_CHARS_MAX = 4096;

export class AppGuard implements Guard {
	readonly #apiId: string;
	readonly #apps: AppDirectory;
	readonly #now: () => number;

	constructor({ apiId, apps, now = Date.now }: AppGuardOptions) {
		this.#apiId = apiId;
		this.#apps = apps;
		this.#now = now;
	}

	judge(request: GuardedRequest): Verdict {
		return judgedHead(request, unauthorized, (head) => this.#judge(head));
	}

	#judge(head: SignedHead): Verdict {
		const authorization = headerOf(head, 'authorization');
		if (authorization !== null && SIGNED.test(authorization)) {
			return judgeSigned(head, authorization, this.#now(), RULES, (key) => this.#ownerOf(key));
		}
		const code = headerOf(head, 'x-apig-appcode');
		if (code !== null)
			return this.#admit(usable(code) ? this.#apps.byCode(code) : null, 'X-Apig-AppCode is no app’s');
		const key = headerOf(head, 'x-hw-id');
		const secret = headerOf(head, 'x-hw-appkey');
		if (key !== null || secret !== null) {
			return this.#admit(
				this.#ofSecret(key ?? '', secret ?? ''),
				'X-HW-ID and X-HW-AppKey are not key and secret of an app',
			);
		}
		const basic = BASIC.exec(authorization ?? '')?.[1];
		if (basic !== undefined) {
			const pair = Buffer.from(basic, 'base64').toString('utf8');
			const colon = pair.indexOf(':');
			const app = this.#ofSecret(pair.slice(0, Math.max(0, colon)), pair.slice(colon + 1));
			return this.#admit(app, 'user and password of Authorization are not key and secret of an app');
		}
		return unauthorized(
			'found no credentials, wanted a signature, X-Apig-AppCode, X-HW-ID with X-HW-AppKey, or Basic',
		);
	}

	#ofSecret(key: string, secret: string): App | null {
		const app = usable(key) ? this.#apps.byKey(key) : null;
		const same = sameSecret(secret, app?.secret() ?? NOBODYS_SECRET);
		return same ? app : null;
	}

	#ownerOf(key: string): KeyOwner | null {
		const app = usable(key) ? this.#apps.byKey(key) : null;
		if (app === null) return null;
		return { app: app.id, user: null, secretKey: app.secret(), refusal: () => this.#refusal(app) };
	}

	#admit(app: App | null, otherwise: string): Verdict {
		if (app === null) return unauthorized(otherwise);
		return this.#refusal(app) ?? { kind: 'admitted', app: app.id, user: null, lines: '', judgeBody: null };
	}

	/** Told only to who proved to be the app. */
	#refusal(app: App): RuntimeError | null {
		if (app.frozen) return new RuntimeError('ERR_APP_FROZEN', `The app has been frozen: ${app.name}`);
		if (this.#apps.mayCall(app.id, this.#apiId)) return null;
		return new RuntimeError('ERR_APP_FORBIDDEN', `The app is not authorized to access the API: ${app.name}`);
	}
}

function usable(credential: string): boolean {
	return credential !== '' && credential.length <= CREDENTIAL_CHARS_MAX;
}

function unauthorized(message: string): RuntimeError {
	return new RuntimeError('ERR_APP_UNAUTHORIZED', `${PREFIX}${message}`);
}
