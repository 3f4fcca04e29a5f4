/** What the gateway says on top of what the function says. */
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { CallCount, CrossOrigin } from './api.ts';

/** Of an answer that no function gave. */
export const ANSWERED_HEAD: ResponseHead = {
	status: 200,
	reason: '',
	kept: '',
	contentLength: 0,
	chunked: false,
	keepAlive: true,
	keepAliveSeconds: -1,
	upgrade: '',
};

export const NOT_COUNTED: CallCount = { error: null, retryLines: '', debugLines: '' };

const DEBUG = /^x-apig-mode:[ \t]*debug[ \t]*\r$/im;

/** Whether a caller wants to know what its call costs (documented: X-Apig-Mode: debug). */
export function asksForDebug({ noted, fieldLines }: Pick<RequestHead, 'noted' | 'fieldLines'>): boolean {
	return noted && DEBUG.test(fieldLines);
}

/** The function's field lines without those that the gateway says itself. */
export function answerLines(kept: string, cors: CrossOrigin | null): string {
	if (cors === null) return kept;
	return kept
		.split(/(?<=\r\n)/)
		.filter((line) => !cors.owns(line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase()))
		.join('');
}
