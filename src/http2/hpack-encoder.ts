/**
 * Writes field blocks (RFC 7541) as Latin-1 text. It refers to the static table and keeps none of its own: nothing has to be
 * remembered for a connection, and blocks can leave in any order. What every response repeats is little, and most of it is
 * new each time: ids and dates.
 */
import { integerText } from './hpack-integer.ts';
import { STATIC_INDEX, STATIC_NAMES, STATIC_VALUES } from './static-table.ts';

/** The first field of every response. */
export function encodeStatus(status: number): string {
	const text = String(status);
	return STATUS_FIELDS.get(text) ?? encodeField(':status', text);
}

/** `name` in lower case. A literal without indexing: peers keep none of it either. */
export function encodeField(name: string, value: string): string {
	const index = STATIC_INDEX.get(name);
	const written = index === undefined ? `\0${textOf(name)}` : integerText(index, 4, 0);
	return written + textOf(value);
}

/** Field lines as HTTP/1.1 writes them, each with CRLF; what HTTP/2 forbids is not among them. */
export function encodeFieldLines(lines: string): string {
	return encodeEach(lines, knownLine);
}

/** The same, of lines that are new each time and not worth remembering. */
export function encodeFreshLines(lines: string): string {
	return encodeEach(lines, encodeLine);
}

const STATUS_FIELDS: ReadonlyMap<string, string> = new Map(
	STATIC_VALUES.map((value, at) => [at, value] as const)
		.filter(([at]) => STATIC_NAMES[at] === ':status')
		.map(([at, value]) => [value, integerText(at + 1, 7, 0x80)]),
);

/** Functions send few different lines again and again. */
const KNOWN_LINES = new Map<string, string>();
const KNOWN_LINES_MAX = 512;
const KNOWN_CHARS_MAX = 80;

function knownLine(line: string): string {
	if (line.length > KNOWN_CHARS_MAX) return encodeLine(line);
	const known = KNOWN_LINES.get(line);
	if (known !== undefined) return known;
	if (KNOWN_LINES.size >= KNOWN_LINES_MAX) KNOWN_LINES.clear();
	const block = encodeLine(line);
	KNOWN_LINES.set(line, block);
	return block;
}

function encodeEach(lines: string, encode: (line: string) => string): string {
	let block = '';
	for (let from = 0; from < lines.length; ) {
		const end = lines.indexOf('\r\n', from);
		block += encode(lines.slice(from, end));
		from = end + 2;
	}
	return block;
}

function encodeLine(line: string): string {
	const colon = line.indexOf(':');
	let from = colon + 1;
	let to = line.length;
	while (from < to && isBlank(line.charCodeAt(from))) from++;
	while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
	return encodeField(line.slice(0, colon).toLowerCase(), line.slice(from, to));
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x09;
}

function textOf(text: string): string {
	return integerText(text.length, 7, 0) + text;
}
