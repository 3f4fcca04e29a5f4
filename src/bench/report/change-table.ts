import type { Comparison } from '../bench-record.ts';
import { percent } from '../compare-records.ts';
import { type Cell, cardTable } from './card-table.ts';
import { figureText } from './figure-text.ts';
import type { Summaries, Summary } from './summaries.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

const COLUMNS = ['Measure', 'Verdict', 'Change', '99% interval', 'Before', 'Now'];

/** Before and after of each comparison, in the order given. */
export function changeTable(comparisons: readonly Comparison[], before: Summaries, after: Summaries): string {
	const caption =
		'A change is positive where it is for the worse; where there is a reference, it is the change of the ratio to it.';
	return cardTable(
		caption,
		COLUMNS,
		comparisons.map((one) => row(one, before.get(one.id), after.get(one.id))),
	);
}

function row(
	{ id, title, verdict, change, why }: Comparison,
	before: Summary | undefined,
	after: Summary | undefined,
): Cell[] {
	const { text, kind } = VERDICT_WORDS[verdict];
	const interval = change === null ? '–' : `${percent(change.low)} to ${percent(change.high)}`;
	return [
		{ text: title, note: id },
		{ text, kind, ...(why === '' ? {} : { note: why }) },
		{ text: change === null ? '–' : percent(change.estimate), figure: true },
		{ text: interval, figure: true },
		{ text: median(before), figure: true },
		{ text: median(after), figure: true },
	];
}

function median(summary: Summary | undefined): string {
	return summary === undefined ? '–' : figureText(summary.estimate, summary.measure.unit);
}
