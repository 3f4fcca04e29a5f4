import { textFromWire } from '../../contract/header-text.ts';
import { trimBlanks } from '../../http1/trim-blanks.ts';

/** Lower-case name, and the value without the blanks around it, as text. */
export type FieldPair = readonly [lowerName: string, value: string];

/** `fieldLines`: each with CRLF. Null: a line is folded, or none: whoever reads it differently would see other fields. */
export function fieldPairs(fieldLines: string): readonly FieldPair[] | null {
	const pairs: FieldPair[] = [];
	let start = 0;
	while (start < fieldLines.length) {
		const end = fieldLines.indexOf('\r\n', start);
		const colon = fieldLines.indexOf(':', start);
		if (end === -1 || colon <= start || colon > end || isBlank(fieldLines.charCodeAt(start))) return null;
		const name = fieldLines.slice(start, colon).toLowerCase();
		pairs.push([name, textFromWire(trimBlanks(fieldLines, colon + 1, end))]);
		start = end + 2;
	}
	return pairs;
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x09;
}
