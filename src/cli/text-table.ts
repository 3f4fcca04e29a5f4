import { printable } from './printable.ts';

const GAP = '  ';

/** Rows in columns as wide as they need, below their names. The last column is not filled up. */
export function textTable(names: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const lines = [names, ...rows].map((cells) => cells.map((cell) => printable(cell.replaceAll(/\s+/g, ' '))));
	const widths = names.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
	return lines
		.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP))
		.map((line) => `${line.trimEnd()}\n`)
		.join('');
}
