import type { FunctionStore } from '../../catalog/function-store.ts';
import { RuntimeError } from '../../contract/errors.ts';

/**
 * Of one project (ours: the cloud's 400 functions and 10 GB are what an account begins with, and raised on request). A client that
 * creates in a loop is stopped before lists and start-up get slow.
 */
export const QUOTAS = { functionsMax: 100_000, codeBytesMax: 1024 ** 4 } as const;

/** What would be added, and taken away where it is negative. */
export interface Addition {
	readonly functions: number;
	/** Of the packages of all versions; one that several have counts for each (documented). */
	readonly codeBytes: number;
}

/** Throws ERR_FUNCTION_COUNT, ERR_CODE_TOTAL. */
export function judgeQuota(
	functions: Pick<FunctionStore, 'count' | 'codeBytes'>,
	project: string,
	adding: Addition,
): void {
	const count = functions.count(project);
	if (adding.functions > 0 && count + adding.functions > QUOTAS.functionsMax) {
		const message = `project ${project} has ${count} functions, which is the most there may be`;
		throw new RuntimeError('ERR_FUNCTION_COUNT', message);
	}
	const bytes = functions.codeBytes(project);
	if (adding.codeBytes <= 0 || bytes + adding.codeBytes <= QUOTAS.codeBytesMax) return;
	const found = `the packages of project ${project} have ${bytes} bytes, and this one ${adding.codeBytes} more`;
	throw new RuntimeError('ERR_CODE_TOTAL', `${found}; wanted at most ${QUOTAS.codeBytesMax}`);
}
