/** Which bytes may stand where in a head (RFC 9110 section 5.6.2, RFC 9112 section 3.2): 1 where allowed. */

/** tchar: what names and methods are made of. */
export const TOKEN = table(
	(code) => isAlphanumeric(code) || "!#$%&'*+-.^_`|~".includes(String.fromCharCode(code)),
);

/** Field values: visible bytes, space, tab and obs-text; no control byte, no CR, LF or NUL. */
export const FIELD_VALUE = table((code) => code === 0x09 || (code >= 0x20 && code !== 0x7f));

/**
 * Request targets: everything but controls, space and `#`. Raw bytes from 0x80 up are let through, because clients
 * send unescaped UTF-8, and parsers that take them (some refuse) take them for part of the path.
 */
export const TARGET = table((code) => code > 0x20 && code !== 0x7f && code !== 0x23);

/** Host and authority: the bytes of uri-host, an IP literal and a port; no userinfo, no space, no comma. */
export const AUTHORITY = table(
	(code) => isAlphanumeric(code) || "-._~!$&'()*+;=:%[]".includes(String.fromCharCode(code)),
);

export function everyByteIn(text: string, allowed: Uint8Array): boolean {
	for (let i = 0; i < text.length; i++) {
		if (allowed[text.charCodeAt(i)] !== 1) return false;
	}
	return true;
}

function isAlphanumeric(code: number): boolean {
	const lower = code | 0x20;
	return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}

function table(allows: (code: number) => boolean): Uint8Array {
	return Uint8Array.from({ length: 256 }, (_, code) => (allows(code) ? 1 : 0));
}
