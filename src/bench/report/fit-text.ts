/**
 * How wide a text will be, in widths of its font's size. SVG does not wrap, and nothing here can ask a browser, so this errs on
 * the wide side: of the sans-serif fonts that systems bring, DejaVu Sans is the widest.
 */
export function textWidth(text: string, fontSize: number): number {
	let ems = 0;
	for (const character of text) ems += emsOf(character);
	return ems * fontSize;
}

/** The text, or as much of it as fits with an ellipsis behind it. */
export function fitText(text: string, fontSize: number, widthMax: number): string {
	if (textWidth(text, fontSize) <= widthMax) return text;
	let fitting = '';
	let width = fontSize;
	for (const character of text) {
		width += emsOf(character) * fontSize;
		if (width > widthMax) break;
		fitting += character;
	}
	return `${fitting.trimEnd()}…`;
}

function emsOf(character: string): number {
	if (/[ ,.:;'|!/\\()[\]ijlI-]/.test(character)) return 0.41;
	if (/[frt]/.test(character)) return 0.43;
	if (/[mwMW@%]/.test(character)) return 1.02;
	if (/[a-z]/.test(character)) return 0.61;
	if (/[0-9µ+−]/.test(character)) return 0.65;
	return character.charCodeAt(0) < 0x250 ? 0.79 : 1.15;
}
