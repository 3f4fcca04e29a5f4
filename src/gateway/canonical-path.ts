/**
 * A path as a function may come to read it: escapes of ASCII decoded once, `\` taken for `/`, parameters (`;…`) left out,
 * slashes merged, dot segments resolved. A route must hold for both readings, or none would be safe behind another.
 */

/** `path` is the one of a request target, without its query. Answers the very same string where there is nothing to do. */
export function canonicalPath(path: string): string {
	if (!UNUSUAL.test(path)) return path;
	const decoded = path.replaceAll(ASCII_ESCAPE, (_escape, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
	const names: string[] = [];
	let last = '';
	for (const segment of decoded.split(SEPARATOR)) {
		last = segment.split(';', 1)[0] ?? '';
		if (last === '..') names.pop();
		else if (!isNothing(last)) names.push(last);
	}
	// What ends in a separator or a dot segment names a folder (RFC 3986 section 5.2.4).
	const folder = names.length > 0 && (isNothing(last) || last === '..');
	return `/${names.join('/')}${folder ? '/' : ''}`;
}

function isNothing(segment: string): boolean {
	return segment === '' || segment === '.';
}

const UNUSUAL = /[%\\;]|\/\/|\/\./;
const ASCII_ESCAPE = /%([0-7][\da-f])/gi;
const SEPARATOR = /[/\\]/;
