/**
 * A table that turns into cards on a narrow screen: each cell then tells its column. Display that is not a table's takes the
 * meaning of one from its elements in some browsers, so each has its role in words.
 */
import { escapeHtml } from './escape-html.ts';

export interface Cell {
	readonly text: string;
	/** Beneath, in small letters. */
	readonly note?: string;
	/** Behind a fold: too much to read in passing. */
	readonly folded?: string;
	readonly kind?: string;
	readonly figure?: boolean;
}

/** @param rows the first cell of each is its heading */
export function cardTable(
	caption: string,
	columns: readonly string[],
	rows: readonly (readonly Cell[])[],
): string {
	const heads = columns.map((column) => `<th role="columnheader" scope="col">${escapeHtml(column)}</th>`);
	const bodies = rows.map((cells) => {
		const drawn = cells.map((cell, index) => cellHtml(cell, columns[index] ?? '', index === 0));
		return `<tr role="row">${drawn.join('')}</tr>`;
	});
	return `<table role="table">
<caption>${escapeHtml(caption)}</caption>
<thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead>
<tbody role="rowgroup">
${bodies.join('\n')}
</tbody>
</table>`;
}

function cellHtml(cell: Cell, column: string, heading: boolean): string {
	const text = escapeHtml(cell.text);
	const shown = cell.kind === undefined ? text : `<span class="verdict ${cell.kind}">${text}</span>`;
	const folded =
		cell.folded === undefined
			? shown
			: `<details><summary>${shown}</summary>${escapeHtml(cell.folded)}</details>`;
	const noted = cell.note === undefined ? folded : `${folded} <small>${escapeHtml(cell.note)}</small>`;
	if (heading) return `<th role="rowheader" scope="row">${noted}</th>`;
	const classed = cell.figure === true ? ' class="figure"' : cell.kind === undefined ? '' : ' class="wide"';
	return `<td role="cell" data-column="${escapeHtml(column)}"${classed}>${noted}</td>`;
}
