/** Host names with an optional port, as Host and absolute-form targets carry them (RFC 3986 section 3.2). */
import { AUTHORITY, everyByteIn } from './character-class.ts';

const COLON = 0x3a;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** True for `name`, `name:80`, `[::1]:80` and the like. The name may be empty, as it may in Host; no userinfo. */
export function isAuthority(text: string): boolean {
	let colon = -1;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (AUTHORITY[code] !== 1) return false;
		if (code === OPENING || code === CLOSING) return isBracketed(text);
		if (code === COLON && colon < 0) colon = i;
	}
	return colon < 0 || isPort(text, colon + 1);
}

function isBracketed(text: string): boolean {
	const closing = text.lastIndexOf(']');
	const wellFormed = text.lastIndexOf('[') === 0 && text.indexOf(']') === closing && closing > 1;
	if (!wellFormed || !everyByteIn(text, AUTHORITY)) return false;
	return closing === text.length - 1 || (text.charCodeAt(closing + 1) === COLON && isPort(text, closing + 2));
}

function isPort(text: string, from: number): boolean {
	if (text.length - from > 5) return false;
	for (let i = from; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 0x30 || code > 0x39) return false;
	}
	return true;
}
