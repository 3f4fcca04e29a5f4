/**
 * A path and query of an APIG event as a request target. The event holds them decoded, in part at least: what a
 * target can not hold is percent-encoded as UTF-8, what is encoded already stays as it is (ours; the manual is
 * silent). A `?` or `#` inside the path is data, so it is encoded too.
 */
import { RuntimeError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** All but `pchar` and `/` of RFC 3986 section 3.3, and any `%` that begins no escape. */
const UNSAFE_IN_PATH = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu;

/** ERR_URI_TOO_LARGE over 32 KiB. Both must be well-formed Unicode. */
export function eventTarget(path: string, query: ReadonlyArray<readonly [string, string]>): string {
	const safePath = path.replaceAll(UNSAFE_IN_PATH, percentEncoded);
	const safeQuery = query
		.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
		.join('&');
	const target = safeQuery === '' ? safePath : `${safePath}?${safeQuery}`;
	if (target.length > LIMITS.targetBytesMax) {
		throw new RuntimeError(
			'ERR_URI_TOO_LARGE',
			`Could not build the request of the event: its path and query have ${target.length} bytes, wanted at most ${LIMITS.targetBytesMax}`,
		);
	}
	return target;
}

/** encodeURIComponent, and the five signs it leaves alone although they may end or split a word elsewhere. */
function percentEncoded(text: string): string {
	return encodeURIComponent(text).replaceAll(
		/[!'()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
