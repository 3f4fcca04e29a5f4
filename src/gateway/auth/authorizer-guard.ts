/**
 * Asks a function who may call one API (auth AUTHORIZER). The function judges by the identities that it named, and by nothing
 * else of the request. Whatever goes wrong on the way lets nobody in.
 *
 * For as long as its answers count, they are kept by the identities' values; callers with the same ones wait for the same call.
 * Refusals are kept apart: who guesses can not push out who was let in. What went wrong is not kept.
 */
import { monotonicMs } from '../../base/clock.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { nodeCrypto } from '../../contract/node-crypto.ts';
import type { Guard, GuardedRequest, Verdict } from '../guard.ts';
import { authorizerAnswer } from './authorizer-answer.ts';
import { type AuthorizedApi, authorizerEvent } from './authorizer-event.ts';
import { type Identity, type IdentitySource, identitiesOf } from './authorizer-identities.ts';
import { ExpiringCache } from './expiring-cache.ts';

export interface Authorizer {
	readonly name: string;
	readonly functionUrn: string;
	/** None: the function is asked every time. */
	readonly identities: readonly IdentitySource[];
	/** For how long an answer counts; 0: for the one request. */
	readonly ttlSeconds: number;
	/** What its owner wants it to be told each time (documented: user_data). */
	readonly userData: string;
}

/** `event` is JSON text. Answers the status and body of an HTTP function; rejects where it could not be called. */
export type InvokeAuthorizer = (
	functionUrn: string,
	event: string,
) => Promise<{ readonly status: number; readonly body: string }>;

export interface AuthorizerGuardOptions {
	readonly authorizer: Authorizer;
	readonly api: AuthorizedApi;
	readonly invoke: InvokeAuthorizer;
	/** Milliseconds of a clock that never jumps. */
	readonly now?: () => number;
}

/** Answers that are kept, of those let in and of those refused. */
const ALLOWED_MAX = 10_000;
const DENIED_MAX = 1_000;
/** The platform's own words come first (documented). */
const PREFIX = 'Incorrect authentication information: ';

export class AuthorizerGuard implements Guard {
	readonly #options: AuthorizerGuardOptions;
	readonly #now: () => number;
	readonly #allowed: ExpiringCache<Verdict>;
	readonly #denied: ExpiringCache<Verdict>;
	readonly #underWay = new Map<string, Promise<Verdict>>();

	constructor(options: AuthorizerGuardOptions) {
		this.#options = options;
		this.#now = options.now ?? monotonicMs;
		const ttlMs = options.authorizer.ttlSeconds * 1000;
		this.#allowed = new ExpiringCache(ALLOWED_MAX, ttlMs);
		this.#denied = new ExpiringCache(DENIED_MAX, ttlMs);
	}

	judge(request: GuardedRequest): Verdict | Promise<Verdict> {
		const { authorizer } = this.#options;
		const identities = identitiesOf(authorizer.identities, request);
		if (typeof identities === 'string') {
			return new RuntimeError('ERR_AUTHORIZER_IDENTITY', `${PREFIX}${identities}`);
		}
		// Without identities, one answer would do for everybody.
		if (authorizer.ttlSeconds === 0 || identities.length === 0) return this.#ask(identities, request);
		const key = keyOf(identities);
		const nowMs = this.#now();
		const known = this.#allowed.get(key, nowMs) ?? this.#denied.get(key, nowMs);
		return known ?? this.#underWay.get(key) ?? this.#askAndKeep(key, identities, request);
	}

	async #askAndKeep(key: string, identities: readonly Identity[], request: GuardedRequest): Promise<Verdict> {
		const asking = this.#ask(identities, request);
		this.#underWay.set(key, asking);
		let verdict: Verdict;
		try {
			verdict = await asking;
		} finally {
			this.#underWay.delete(key);
		}
		if (!(verdict instanceof RuntimeError)) this.#allowed.set(key, verdict, this.#now());
		else if (verdict.code === 'ERR_AUTHORIZER_DENIED') this.#denied.set(key, verdict, this.#now());
		return verdict;
	}

	async #ask(identities: readonly Identity[], request: GuardedRequest): Promise<Verdict> {
		const { authorizer, api, invoke } = this.#options;
		const { name, functionUrn, userData } = authorizer;
		let answer: Awaited<ReturnType<InvokeAuthorizer>>;
		try {
			answer = await invoke(functionUrn, authorizerEvent(identities, userData, api, request));
		} catch (cause) {
			const found = cause instanceof RuntimeError ? cause.code : 'a failure';
			return new RuntimeError(
				'ERR_AUTHORIZER_FAILED',
				`Could not ask the authorizer ${name}: calling its function ended in ${found}`,
				{ cause },
			);
		}
		const judged = authorizerAnswer(answer.status, answer.body);
		switch (judged.kind) {
			case 'allow':
				return { kind: 'admitted', app: null, user: null, lines: judged.lines, judgeBody: null };
			case 'deny':
				return new RuntimeError('ERR_AUTHORIZER_DENIED', `${PREFIX}the authorizer ${name} says no`);
			case 'unusable':
				return new RuntimeError(
					'ERR_AUTHORIZER_ANSWER',
					`Could not use what the authorizer ${name} answered: found ${judged.found}, wanted status 200 and {"status":"allow"} or {"status":"deny"}`,
				);
			default:
				return judged satisfies never;
		}
	}
}

/** As long for long values as for short ones, and no secret to read in memory. */
function keyOf(identities: readonly Identity[]): string {
	return nodeCrypto().hash('sha256', JSON.stringify(identities.map(({ value }) => value)), 'base64url');
}
