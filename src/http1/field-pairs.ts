import { trimBlanks } from './trim-blanks.ts';

/** Field lines as name and value pairs, in order, repeated names apart. `lines` has passed a parser. */
export function fieldPairs(lines: string): Array<readonly [string, string]> {
	const pairs: Array<readonly [string, string]> = [];
	for (const line of lines.split('\r\n')) {
		const colon = line.indexOf(':');
		if (colon > 0) pairs.push([line.slice(0, colon), trimBlanks(line, colon + 1)]);
	}
	return pairs;
}
