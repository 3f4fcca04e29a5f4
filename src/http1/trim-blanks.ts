/**
 * The part of `text` from `from` to `to` without the spaces and tabs around it (OWS, RFC 9110 section 5.6.3).
 * String.trim would also take 0xa0, which is the last byte of many a UTF-8 character.
 */
export function trimBlanks(text: string, from = 0, to = text.length): string {
	let start = from;
	let end = to;
	while (start < end && isBlank(text.charCodeAt(start))) start++;
	while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
	return text.slice(start, end);
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x09;
}
