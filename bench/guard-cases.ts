/** The work of the guards benchmark: calls of an API with the fields that clients send, and what lets them in. */
import { signRequest } from '../src/contract/sdk-signature.ts';
import type { App } from '../src/gateway/auth/app-directory.ts';
import { AppGuard } from '../src/gateway/auth/app-guard.ts';
import { AuthorizerGuard } from '../src/gateway/auth/authorizer-guard.ts';
import { guardedHead } from '../src/gateway/auth/guarded-head.ts';
import { withoutCredentials } from '../src/gateway/auth/strip-credentials.ts';
import type { Guard, GuardedRequest, Verdict } from '../src/gateway/guard.ts';
import type { InProcessCase } from './in-process-case.ts';

/** Calls in one run: a single one takes less than a clock can tell. */
const CALLS = 100;
const API_ID = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const CODE = 'an-app-code-of-sixty-four-characters-as-the-platform-makes-them-';
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const NOW = Date.UTC(2028, 0, 1);
const TARGET = '/orders/42?sort=asc&page=2';
const FIELDS = `Host: a.localhost\r
User-Agent: orders-client/2.1 (linux; x64)\r
Accept: application/json\r
Accept-Encoding: gzip, deflate, br\r
Accept-Language: en-GB,en;q=0.9\r
X-Tenant: north\r
`;
const READING = 'reading the fields';

const APP: App = {
	id: 'app',
	name: 'bench',
	key: 'HFBENCHKEY0000000000',
	secret: () => 'a-secret-key-of-forty-letters-and-digits',
	frozen: false,
};

export function guardCases(): InProcessCase[] {
	const apps = {
		byKey: (key: string) => (key === APP.key ? APP : null),
		byCode: (code: string) => (code === CODE ? APP : null),
		mayCall: () => true,
	};
	const guard = new AppGuard({ apiId: API_ID, apps, now: () => NOW });
	const sent = signRequest({
		method: 'GET',
		url: `http://a.localhost${TARGET}`,
		accessKey: APP.key,
		secretKey: APP.secret(),
		now: NOW,
	});
	const signed = call(Object.entries(sent).map(([name, value]) => `${name}: ${value}`));
	const code = call([`X-Apig-AppCode: ${CODE}`]);
	const pair = Buffer.from(`${APP.key}:${APP.secret()}`).toString('base64');
	return [
		calls(READING, null, () => guardedHead(signed)?.url.length ?? 0),
		judging('APP, a signature', guard, signed),
		judging('APP, a code', guard, code),
		judging('APP, key and secret', guard, call([`X-HW-ID: ${APP.key}`, `X-HW-AppKey: ${APP.secret()}`])),
		judging('APP, Basic', guard, call([`Authorization: Basic ${pair}`])),
		judging('an authorizer whose answer is known', knowing(), call(['X-User: ada'])),
		calls(
			'leaving a signature out',
			READING,
			() => withoutCredentials(signed.fieldLines, { app: APP.id, user: null }).length,
		),
	];
}

function call(lines: readonly string[]): GuardedRequest {
	return {
		method: 'GET',
		target: TARGET,
		host: 'a.localhost',
		fieldLines: FIELDS + lines.map((line) => `${line}\r\n`).join(''),
		address: '192.0.2.1',
		requestId: '7b9e1c2d-0000-4000-8000-000000000000',
	};
}

/** One that has asked before. */
function knowing(): Guard {
	const guard = new AuthorizerGuard({
		authorizer: {
			name: 'bench',
			functionUrn: 'urn',
			identities: [{ name: 'X-User', location: 'HEADER' }],
			ttlSeconds: 3600,
			userData: '',
		},
		api: { id: API_ID, stage: 'RELEASE' },
		invoke: () => Promise.resolve({ status: 200, body: '{"status":"allow"}' }),
	});
	void guard.judge(call(['X-User: ada']));
	return guard;
}

function judging(name: string, guard: Guard, request: GuardedRequest): InProcessCase {
	return calls(name, READING, () => admitted(guard.judge(request)));
}

/** Throws where nobody was let in: what is refused early would look fast. */
function admitted(verdict: Verdict | Promise<Verdict>): number {
	if (verdict instanceof Promise) return 0;
	const error = verdict instanceof Error ? verdict : (verdict.judgeBody?.(EMPTY_SHA256) ?? null);
	if (error !== null) throw error;
	return 1;
}

function calls(name: string, beside: string | null, once: () => number): InProcessCase {
	const run = (): number => {
		let total = 0;
		for (let count = 0; count < CALLS; count++) total += once();
		return total;
	};
	return { name, amount: CALLS, unit: 'call', beside, run };
}
