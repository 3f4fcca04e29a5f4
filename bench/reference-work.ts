/** Work that tells how fast the machine is at the moment: the kind of thing the product does, and none of its code. */
const TEXT = Array.from(
	{ length: 12 },
	(_, index) => `X-Field-Number-${index}: some value, number ${index * 7919}; q=0.5`,
).join('\r\n');
const TIMES = 20;

export function referenceWork(): number {
	let total = 0;
	for (let time = 0; time < TIMES; time += 1) {
		const fields = new Map<string, string>();
		for (let at = 0; at < TEXT.length; ) {
			const end = TEXT.indexOf('\r\n', at);
			const stop = end < 0 ? TEXT.length : end;
			const colon = TEXT.indexOf(':', at);
			fields.set(TEXT.slice(at, colon).toLowerCase(), TEXT.slice(colon + 1, stop).trim());
			at = stop + 2;
		}
		for (const [name, value] of fields) total += name.charCodeAt(3) + value.length;
	}
	return total;
}
