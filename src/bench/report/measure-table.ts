import { median } from '../statistics.ts';
import { type Cell, cardTable } from './card-table.ts';
import { digits, figureText } from './figure-text.ts';
import type { Summaries, Summary } from './summaries.ts';

const COLUMNS = ['Measure', 'Median', '99% interval', 'Reference', 'Rounds'];

/** Every measure, in the record's order, with each of its rounds behind a fold. */
export function measureTable(summaries: Summaries): string {
	const caption = 'The reference was measured in the same rounds and has none of this product’s code.';
	return cardTable(caption, COLUMNS, [...summaries.values()].map(row));
}

function row({ measure, estimate, low, high }: Summary): Cell[] {
	const { id, title, unit, better, rounds, reference } = measure;
	const interval = Number.isFinite(low) ? `${digits(low)} to ${figureText(high, unit)}` : '–';
	const divisor = reference.length === 0 ? '–' : figureText(median(reference), unit);
	const folded = `${unit}: ${rounds.map(digits).join(' ')}`;
	return [
		{ text: title, note: better === 'more' ? `${id} · more is better` : id },
		{ text: figureText(estimate, unit), figure: true },
		// Both ends in one unit: what is told in MiB is told as such twice.
		{ text: unit === 'KiB' ? kibInterval(low, high) : interval, figure: true },
		{ text: divisor, figure: true },
		rounds.length === 0 ? { text: '0', figure: true } : { text: String(rounds.length), folded, figure: true },
	];
}

function kibInterval(low: number, high: number): string {
	return Number.isFinite(low) ? `${figureText(low, 'KiB')} to ${figureText(high, 'KiB')}` : '–';
}
