/** What a test file's process has to say for itself: uvu's own figures, and nothing taken on trust. */
export interface Verdict {
	readonly passed: number;
	/** At least 1 where anything is wrong with the file as a whole. */
	readonly failed: number;
	/** What is wrong besides tests that failed. */
	readonly reasons: readonly string[];
}

/** `reasons` are those that the caller has found already. */
export function judge(
	output: string,
	code: number | null,
	signal: NodeJS.Signals | null,
	reasons: readonly string[],
): Verdict {
	const total = lastFigure(output, 'Total');
	const passed = lastFigure(output, 'Passed') ?? 0;
	const skipped = lastFigure(output, 'Skipped') ?? 0;
	const found = [...reasons];
	// uvu ends with success where a file never calls run().
	if (total === null) found.push('ended without a summary of uvu');
	else if (total === 0) found.push('ran no test; does it end in .run()?');
	if (skipped > 0) found.push(`skipped ${skipped}`);
	const broken = Math.max((total ?? 0) - passed, 0) + skipped;
	if (broken === 0 && code !== 0 && found.length === 0) found.push(`exited with ${code ?? signal}`);
	return { passed, failed: Math.max(broken, found.length > 0 ? 1 : 0), reasons: found };
}

function lastFigure(output: string, name: string): number | null {
	const figure = [...output.matchAll(new RegExp(`^ {2}${name}: +(\\d+)$`, 'gm'))].at(-1)?.[1];
	return figure === undefined ? null : Number(figure);
}
