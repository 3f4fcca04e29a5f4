import type { LoadResult } from './task.ts';

/** A load generator keeps every connection busy; below this share some wait for an answer that does not come. */
const BUSY_SHARE_MIN = 0.85;

/** @returns one sentence for each thing that makes the figures of a round worthless; `where` begins it */
export function loadProblems(where: string, load: LoadResult): string[] {
	const problems: string[] = [];
	if (load.errors > 0) problems.push(`${where}: the client counted ${load.errors} errors`);
	if (load.requests === 0) problems.push(`${where}: no request was answered`);
	if (load.busyShare < BUSY_SHARE_MIN) {
		const share = (load.busyShare * 100).toFixed(0);
		problems.push(`${where}: connections hang: answers account for ${share}% of their time`);
	}
	if (load.bytesMissing > 0) problems.push(`${where}: the answers are ${load.bytesMissing} bytes short`);
	return problems;
}
