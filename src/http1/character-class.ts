/** Which bytes may stand where in a head (RFC 9110 section 5.6.2, RFC 9112 section 3.2): 1 where allowed. */

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** tchar: what names and methods are made of. */
export const TOKEN = only(`${ALPHANUMERIC}!#$%&'*+-.^_\`|~`);

/** Field values: visible bytes, space, tab and obs-text; no control byte, no CR, LF or NUL. */
export const FIELD_VALUE = from(0x20, [0x7f]);
FIELD_VALUE[0x09] = 1;

/**
 * Request targets: everything but controls, space and `#`. Raw bytes from 0x80 up are let through, because clients
 * send unescaped UTF-8, and parsers that take them (some refuse) take them for part of the path.
 */
export const TARGET = from(0x21, [0x7f, 0x23]);

/** Host and authority: the bytes of uri-host, an IP literal and a port; no userinfo, no space, no comma. */
export const AUTHORITY = only(`${ALPHANUMERIC}-._~!$&'()*+;=:%[]`);

export function everyByteIn(text: string, allowed: Uint8Array, from = 0, to = text.length): boolean {
	for (let i = from; i < to; i++) {
		if (allowed[text.charCodeAt(i)] !== 1) return false;
	}
	return true;
}

function only(characters: string): Uint8Array {
	const table = new Uint8Array(256);
	for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = 1;
	return table;
}

function from(first: number, without: readonly number[]): Uint8Array {
	const table = new Uint8Array(256).fill(1, first);
	for (const code of without) table[code] = 0;
	return table;
}
