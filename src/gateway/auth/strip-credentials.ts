/**
 * What let an app or a user in is no business of the function's (ours): it could act as its callers elsewhere.
 *
 * Left alone are X-Apig-AppCode, which like every X-Apig field never reaches a function, and an Authorization of a scheme that
 * this gateway does not judge, such as Bearer: that was meant for the function. So is all of a header by which an authorizer of
 * one's own decided.
 */
import type { Admitted } from '../guard.ts';

/** By their names as servers in the manner of CGI fold them. */
const CREDENTIALS: ReadonlySet<string> = new Set(['x-auth-token', 'x-hw-id', 'x-hw-appkey']);
const JUDGED_SCHEMES = /^[ \t]*(?:Basic|(?:SDK|V11)-HMAC-SHA256)(?:[ \t]|$)/i;

/** `lines`: field lines, each with CRLF; the rest stays as it is, and all of it where no app or user was let in. */
export function withoutCredentials(lines: string, caller: Pick<Admitted, 'app' | 'user'>): string {
	if (caller.app === null && caller.user === null) return lines;
	let kept = '';
	let keptFrom = 0;
	let start = 0;
	while (start < lines.length) {
		const found = lines.indexOf('\r\n', start);
		const end = found === -1 ? lines.length : found;
		const next = found === -1 ? end : end + 2;
		if (holdsCredential(lines, start, end)) {
			kept += lines.slice(keptFrom, start);
			keptFrom = next;
		}
		start = next;
	}
	return keptFrom === 0 ? lines : kept + lines.slice(keptFrom);
}

function holdsCredential(lines: string, start: number, end: number): boolean {
	// Nearly every other field is settled by its first letter.
	const first = lines.charCodeAt(start) | 0x20;
	if (first !== 0x61 && first !== 0x78) return false;
	const colon = lines.indexOf(':', start);
	if (colon === -1 || colon > end) return false;
	const name = lines.slice(start, colon).toLowerCase();
	if (name === 'authorization') return JUDGED_SCHEMES.test(lines.slice(colon + 1, end));
	const folded = /[^a-z0-9-]/.test(name) ? name.replaceAll(/[^a-z0-9]/g, '-') : name;
	return CREDENTIALS.has(folded) || folded.startsWith('x-sdk-');
}
