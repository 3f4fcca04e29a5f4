/** What an API adds to the answers of its calls: leave for pages of other origins, when to come again, what a call costs. */
import { monotonicMs } from '../base/clock.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { type Api, type CallCount, NOT_COUNTED } from './api.ts';
import { asksForDebug } from './debug-mode.ts';
import type { ErrorStyle } from './exchange-client.ts';

export class AnswerDress {
	/** Set once the call is counted. */
	count: CallCount = NOT_COUNTED;
	readonly #api: Api;
	readonly #asked: RequestHead;
	readonly #beganMs = monotonicMs();
	#passedMs = 0;

	constructor(api: Api, asked: RequestHead) {
		this.#api = api;
		this.#asked = asked;
	}

	/** From now on it is the function that takes time. */
	passed(): void {
		this.#passedMs = monotonicMs();
	}

	answer(head: ResponseHead): ResponseHead {
		const { cors } = this.#api;
		const debug = this.#debugLines();
		if (cors === null) return debug === '' ? head : { ...head, kept: head.kept + debug };
		return { ...head, kept: cors.strip(head.kept) + cors.answerLines(this.#asked) + debug };
	}

	error(): ErrorStyle {
		const { cors, family } = this.#api;
		const lines = this.count.retryLines + (cors?.answerLines(this.#asked) ?? '') + this.#debugLines();
		return { family, lines };
	}

	#debugLines(): string {
		if (!asksForDebug(this.#asked)) return '';
		const nowMs = monotonicMs();
		const upstream =
			this.#passedMs === 0 ? '' : `X-Apig-Upstream-Latency: ${Math.round(nowMs - this.#passedMs)}\r\n`;
		const latency = `X-Apig-Latency: ${Math.round(nowMs - this.#beganMs)}\r\n`;
		return latency + upstream + this.count.debugLines();
	}
}
