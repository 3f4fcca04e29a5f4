const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y;

/** What is wrong with a page's elements: one that is left open, a `<` that begins none. Empty where nothing is. */
export function openElements(html: string): string {
	const body = html.replace(/^<!DOCTYPE html>/, '').replace(/<style>[^<]*<\/style>/, '');
	const open: string[] = [];
	for (let at = body.indexOf('<'); at >= 0; at = body.indexOf('<', at + 1)) {
		TAG.lastIndex = at;
		const match = TAG.exec(body);
		if (match === null) return `no element: ${body.slice(at, at + 60)}`;
		const [, closing, name = '', , whole] = match;
		if (closing === '/') {
			const last = open.pop();
			if (last !== name) return `${name} closes ${last}: ${body.slice(Math.max(0, at - 60), at + 20)}`;
		} else if (whole !== '/' && !VOID.has(name)) open.push(name);
	}
	return open.join(' ');
}
