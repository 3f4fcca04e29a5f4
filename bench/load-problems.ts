import type { LoadResult } from './task.ts';

/** @returns one sentence for each thing that makes the figures of a round worthless; `where` begins it */
export function loadProblems(where: string, load: LoadResult): string[] {
	const problems: string[] = [];
	if (load.errors > 0) problems.push(`${where}: the client counted ${load.errors} errors`);
	if (load.requests === 0) problems.push(`${where}: no request was answered`);
	// A load generator keeps every connection busy.
	if (load.silentConnections > 0)
		problems.push(
			`${where}: ${load.silentConnections} connections hang: they got nothing for half of the time`,
		);
	if (load.silentStreams > 0)
		problems.push(`${where}: ${load.silentStreams} streams hang: none of their requests was answered`);
	if (load.bytesMissing > 0) problems.push(`${where}: the answers are ${load.bytesMissing} bytes short`);
	return problems;
}
