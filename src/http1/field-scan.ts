/**
 * One pass over the field lines of a head: validates every byte, hands the fields that steer framing or routing to
 * the caller, and keeps the rest as the very text that arrived, in order, repeated lines apart.
 *
 * Strict (RFC 9112 section 5): no obs-fold, no space before the colon, no empty name, no bare CR or LF, no control
 * byte. Nothing is repaired.
 */
import { FIELD_VALUE, TOKEN } from './character-class.ts';
import { malformed, ProtocolFault } from './protocol-fault.ts';

/** What happens to a field line. */
export type Disposal = 'keep' | 'drop';

/**
 * Names a caller wants to see. They are found where they stand: what is cut out of a text is memory that is allocated, and collected,
 * for every request.
 */
export class FieldFilter {
	readonly #lengthsByFirstLetter = new Int32Array(256);
	readonly #names: readonly string[];

	/** `names` in lower case; `prefixes` are single letters whose every name is of interest. */
	constructor(names: readonly string[], letters: readonly string[]) {
		this.#names = names;
		for (const name of names) this.#add(name.charCodeAt(0), 1 << (name.length & 31));
		for (const letter of letters) this.#add(letter.charCodeAt(0), -1);
	}

	concerns(firstByte: number, nameLength: number): boolean {
		return (((this.#lengthsByFirstLetter[firstByte] ?? 0) >> (nameLength & 31)) & 1) === 1;
	}

	/** The name from `from` up to `to`, which is a token, in lower case. */
	nameAt(text: string, from: number, to: number): string {
		for (const name of this.#names) if (name.length === to - from && isAt(text, from, name)) return name;
		return text.slice(from, to).toLowerCase();
	}

	#add(lowerCode: number, lengths: number): void {
		const upperCode = lowerCode >= 0x61 && lowerCode <= 0x7a ? lowerCode - 0x20 : lowerCode;
		for (const code of [lowerCode, upperCode]) {
			this.#lengthsByFirstLetter[code] = (this.#lengthsByFirstLetter[code] ?? 0) | lengths;
		}
	}
}

/** Whether `lower`, of letters and hyphens, stands at `from` in any case. Of the bytes of a token no other becomes one of these. */
export function isAt(text: string, from: number, lower: string): boolean {
	for (let i = 0; i < lower.length; i++) {
		if ((text.charCodeAt(from + i) | 0x20) !== lower.charCodeAt(i)) return false;
	}
	return true;
}

/**
 * Sees the fields that passed the filter. The value stands in `text` from `from` up to `to`, without the spaces around it, but with tabs:
 * parsers take them for white space or for part of the value, so that no value that steers anything may have them.
 */
export interface FieldVisitor {
	readonly filter: FieldFilter;
	field(lowerName: string, text: string, from: number, to: number): Disposal;
}

export interface FieldLimits {
	readonly lineBytesMax: number;
	readonly countMax: number;
}

/**
 * Scans `text` from `start` (after the first line's CRLF) to its end. Every line ends in CRLF; the empty line that
 * ends the head is not part of `text`. Answers the lines to keep, each with its CRLF.
 */
export function scanFields(text: string, start: number, limits: FieldLimits, visitor: FieldVisitor): string {
	let kept = '';
	let keptFrom = start;
	let lineStart = start;
	let count = 0;
	while (lineStart < text.length) {
		const nameEnd = endOfName(text, lineStart);
		const lineEnd = endOfValue(text, nameEnd + 1);
		if (lineEnd - lineStart > limits.lineBytesMax) throw tooLarge(text, lineStart, nameEnd, limits);
		if (++count > limits.countMax) {
			throw new ProtocolFault('head-too-large', `more than ${limits.countMax} header fields`);
		}
		const next = lineEnd + 2;
		if (visitor.filter.concerns(text.charCodeAt(lineStart), nameEnd - lineStart)) {
			const name = visitor.filter.nameAt(text, lineStart, nameEnd);
			const from = afterSpaces(text, nameEnd + 1, lineEnd);
			if (visitor.field(name, text, from, beforeSpaces(text, from, lineEnd)) === 'drop') {
				if (keptFrom < lineStart) kept += text.slice(keptFrom, lineStart);
				keptFrom = next;
			}
		}
		lineStart = next;
	}
	return keptFrom < text.length ? kept + text.slice(keptFrom) : kept;
}

function endOfName(text: string, from: number): number {
	let i = from;
	while (TOKEN[text.charCodeAt(i)] === 1) i++;
	if (text.charCodeAt(i) === 0x3a && i > from) return i;
	const code = text.charCodeAt(i);
	if (i === from && (code === 0x20 || code === 0x09)) throw malformed('a header line is folded (obs-fold)');
	if (code === 0x20 || code === 0x09)
		throw malformed('white space stands before the colon of a header field');
	throw malformed(`a header name holds ${byteName(code)}`);
}

function endOfValue(text: string, from: number): number {
	let i = from;
	while (FIELD_VALUE[text.charCodeAt(i)] === 1) i++;
	if (text.charCodeAt(i) === 0x0d && text.charCodeAt(i + 1) === 0x0a) return i;
	throw malformed(`a header value holds ${byteName(text.charCodeAt(i))}`);
}

function afterSpaces(text: string, from: number, to: number): number {
	let start = from;
	while (start < to && text.charCodeAt(start) === 0x20) start++;
	return start;
}

function beforeSpaces(text: string, from: number, to: number): number {
	let end = to;
	while (end > from && text.charCodeAt(end - 1) === 0x20) end--;
	return end;
}

function tooLarge(text: string, from: number, nameEnd: number, limits: FieldLimits): ProtocolFault {
	const name = text.slice(from, Math.min(nameEnd, from + 64));
	return new ProtocolFault('head-too-large', `header ${name} is longer than ${limits.lineBytesMax} bytes`);
}

function byteName(code: number): string {
	if (Number.isNaN(code)) return 'no colon';
	if (code === 0x0d) return 'a bare CR';
	if (code === 0x0a) return 'a bare LF';
	return `byte 0x${code.toString(16).padStart(2, '0')}`;
}
