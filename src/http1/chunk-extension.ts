/** Chunk extensions (RFC 9112 section 7.1.1): names, with `=` and a token or a quoted string. */
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~]|\\\\[\\t -~])*"';
const EXTENSIONS = new RegExp(`^(?:;${TOKEN}(?:=(?:${TOKEN}|${QUOTED}))?)+$`);

/** `text` is what stands between a chunk's size and its CR LF. No white space, which is "bad" there, and ASCII alone. */
export function isChunkExtension(text: string): boolean {
	return EXTENSIONS.test(text);
}
