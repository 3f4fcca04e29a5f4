/** Apps, requests as a guard sees them, and what becomes of them. */
import type { ErrorCode } from '../../../src/contract/errors.ts';
import type { App, AppDirectory } from '../../../src/gateway/auth/app-directory.ts';
import { AppGuard } from '../../../src/gateway/auth/app-guard.ts';
import type { Guard, GuardedRequest, Verdict } from '../../../src/gateway/guard.ts';
import { DATE, KEY, type SdkCall, sha256, type WireRequest } from '../../contract/sdk-request.ts';

export const API_ID = 'c0ffee00c0ffee00c0ffee00c0ffee00';
export const CODE = 'an-app-code-0123456789';
export const FROZEN = { accessKey: 'FROZENKEY', secretKey: 'frozen-secret' };
export const STRANGER = { accessKey: 'STRANGERKEY', secretKey: 'stranger-secret' };

const app = (id: string, key: typeof KEY, frozen = false): App => ({
	id,
	name: `name-of-${id}`,
	key: key.accessKey,
	secret: () => key.secretKey,
	frozen,
});

/** One app that may call the API, one that is frozen, and one that was authorized for another API. */
export class FakeApps implements AppDirectory {
	readonly #apps = [app('app-1', KEY), app('app-2', FROZEN, true), app('app-3', STRANGER)];

	byKey(key: string): App | null {
		return this.#apps.find((one) => one.key === key) ?? null;
	}

	byCode(code: string): App | null {
		const owners: Record<string, string> = {
			[CODE]: 'app-1',
			'a-frozen-code': 'app-2',
			'a-stranger-code': 'app-3',
		};
		return this.#apps.find(({ id }) => id === owners[code]) ?? null;
	}

	mayCall(appId: string, apiId: string): boolean {
		return appId === 'app-3' ? apiId !== API_ID : apiId === API_ID;
	}
}

export function appGuard(nowMs = DATE.ms): AppGuard {
	return new AppGuard({ apiId: API_ID, apps: new FakeApps(), now: () => nowMs });
}

/** Header names and values become lines as they are; Host is the authority. */
export function guarded(
	lines: readonly string[],
	more: Partial<Omit<GuardedRequest, 'fieldLines'>> = {},
): GuardedRequest {
	return {
		method: 'GET',
		target: '/',
		host: 'a.localhost',
		address: '192.0.2.1',
		requestId: '7b9e1c2d-0000-4000-8000-000000000000',
		...more,
		fieldLines: lines.map((line) => `${line}\r\n`).join(''),
	};
}

/** A request as it stands on the wire: text beyond Latin-1 as its UTF-8 bytes. */
export function guardedWire({ method, url, headers }: WireRequest): GuardedRequest {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${wireText(value)}`);
	return guarded(lines, { method, target: url, host: headers.host ?? '' });
}

export interface Outcome {
	/** Who was let in: an app's id or a user's name, or an empty text; null: nobody. */
	readonly who: string | null;
	readonly code: ErrorCode | null;
	readonly message: string;
	/** Whether it was the body that it took to decide. */
	readonly late: boolean;
}

/** What becomes of a request with this body. */
export async function outcome(guard: Guard, request: GuardedRequest, body = ''): Promise<Outcome> {
	return settled(await guard.judge(request), body);
}

/** Of a guard that decides at once. */
export function outcomeNow(
	guard: { judge(request: GuardedRequest): Verdict },
	request: GuardedRequest,
	body = '',
): Outcome {
	return settled(guard.judge(request), body);
}

function settled(verdict: Verdict, body: string): Outcome {
	if (verdict instanceof Error) {
		return { who: null, code: verdict.code, message: verdict.message, late: false };
	}
	const error = verdict.judgeBody?.(sha256(body)) ?? null;
	if (error !== null) return { who: null, code: error.code, message: error.message, late: true };
	return {
		who: verdict.app ?? verdict.user ?? '',
		code: null,
		message: '',
		late: verdict.judgeBody !== null,
	};
}

function wireText(value: string): string {
	return Buffer.from(value, 'utf8').toString('latin1');
}

/** A call of an API, to be signed. */
export const CALL: SdkCall = {
	method: 'POST',
	path: '/orders/a:b',
	query: { b: ['2', '1'], a: 'x y' },
	headers: { 'X-Own': 'mine' },
	data: { text: 'grün' },
};

/** What the app guard of the API makes of a request. */
export function judged(request: WireRequest, nowMs = DATE.ms): Outcome {
	return outcomeNow(appGuard(nowMs), guardedWire(request), request.body);
}

export function signedWith(request: WireRequest, headers: Readonly<Record<string, string>>): WireRequest {
	return { ...request, headers: { ...request.headers, ...headers } };
}
