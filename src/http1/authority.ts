/** Host names with an optional port, as Host and absolute-form targets carry them (RFC 3986 section 3.2). */
import { AUTHORITY, everyByteIn } from './character-class.ts';

/** True for `name`, `name:80`, `[::1]:80` and the like. The name may be empty, as it may in Host; no userinfo. */
export function isAuthority(text: string): boolean {
	if (!everyByteIn(text, AUTHORITY)) return false;
	const bracket = text.lastIndexOf(']');
	const colon = text.indexOf(':', bracket + 1);
	const host = colon < 0 ? text : text.slice(0, colon);
	return isHost(host, bracket) && (colon < 0 || isPort(text, colon + 1));
}

function isHost(host: string, bracket: number): boolean {
	if (bracket < 0) return !host.includes('[');
	return host.lastIndexOf('[') === 0 && host.indexOf(']') === host.length - 1 && host.length > 2;
}

function isPort(text: string, from: number): boolean {
	if (text.length - from > 5) return false;
	for (let i = from; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 0x30 || code > 0x39) return false;
	}
	return true;
}
