import * as assert from 'uvu/assert';
import { type Authorizer, AuthorizerGuard } from '../../../src/gateway/auth/authorizer-guard.ts';
import type { Verdict } from '../../../src/gateway/guard.ts';
import { API_ID, guarded, outcome } from './guard-bed.ts';

const URN = 'urn:fss:cn-north-4:p:function:default:judge:latest';
export const ALLOW = { status: 200, body: '{"status":"allow"}' };
export const DENY = { status: 200, body: '{"status":"deny","context":{"message":"not you"}}' };

export interface Answer {
	readonly status: number;
	readonly body: string;
}

/** A guard whose function answers what `answer` says, and everything that it was asked. */
export class AuthorizerBed {
	readonly events: string[] = [];
	nowMs = 0;
	answer: Answer | Error | Promise<Answer>;
	readonly guard: AuthorizerGuard;

	constructor(answer: AuthorizerBed['answer'] = ALLOW, authorizer: Partial<Authorizer> = {}) {
		this.answer = answer;
		this.guard = new AuthorizerGuard({
			authorizer: {
				name: 'judge',
				functionUrn: URN,
				identities: [{ name: 'X-User', location: 'HEADER' }],
				ttlSeconds: 0,
				userData: '',
				...authorizer,
			},
			api: { id: API_ID, stage: 'RELEASE' },
			invoke: async (urn, event) => {
				assert.is(urn, URN);
				this.events.push(event);
				const answered = await this.answer;
				if (answered instanceof Error) throw answered;
				return answered;
			},
			now: () => this.nowMs,
		});
	}

	async code(...lines: readonly string[]): Promise<string | null> {
		return (await outcome(this.guard, guarded(lines))).code;
	}

	async lines(): Promise<string> {
		const verdict: Verdict = await this.guard.judge(guarded(['X-User: ada']));
		return verdict instanceof Error ? verdict.code : verdict.lines;
	}
}
