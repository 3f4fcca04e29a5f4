import type { RequestHead } from '../http1/request-head.ts';

const DEBUG = /^x-apig-mode:[ \t]*debug[ \t]*\r$/im;

/** Whether a caller wants to know what its call costs (documented: X-Apig-Mode: debug). */
export function asksForDebug({ noted, fieldLines }: Pick<RequestHead, 'noted' | 'fieldLines'>): boolean {
	return noted && DEBUG.test(fieldLines);
}
