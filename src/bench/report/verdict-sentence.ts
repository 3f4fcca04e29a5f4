import type { Comparison, Verdict } from '../bench-record.ts';

/** Titles of so many are told; the table has all. */
const NAMED_MAX = 3;

/** The outcome in one sentence: `2 of 14 measures regressed by more than 5%: A and B; 1 cannot be told.` */
export function verdictSentence(comparisons: readonly Comparison[], allowedShare: number): string {
	const of = (verdict: Verdict): readonly Comparison[] =>
		comparisons.filter((one) => one.verdict === verdict);
	const [regressed, unsure] = [of('regressed'), of('cannot tell')];
	const share = `${Number((allowedShare * 100).toFixed(2))}%`;
	const compared = comparisons.filter(({ verdict }) => verdict !== 'new' && verdict !== 'gone').length;
	if (compared === 0) return 'The two runs have no measure in common.';
	const measures = compared === 1 ? '1 measure' : `${compared} measures`;
	const first =
		regressed.length === 0
			? `None of ${measures} regressed by more than ${share}`
			: `${regressed.length} of ${measures} regressed by more than ${share}: ${named(regressed)}`;
	if (unsure.length === 0) return `${first}.`;
	return `${first}; ${unsure.length} cannot be told: ${named(unsure)}.`;
}

function named(comparisons: readonly Comparison[]): string {
	const titles = comparisons.slice(0, NAMED_MAX).map(({ title }) => `“${title}”`);
	const others = comparisons.length - titles.length;
	if (others > 0) titles.push(others === 1 ? 'one other' : `${others} others`);
	const last = titles.pop() ?? '';
	return titles.length === 0 ? last : `${titles.join(', ')} and ${last}`;
}
