/** Controls have no place in HTML or XML, and those of writing direction could show a text as another one. */
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Makes a text safe in an element's content and in a quoted attribute, of HTML and of SVG. */
export function escapeHtml(text: string): string {
	return text
		.toWellFormed()
		.replace(UNFIT, '\ufffd')
		.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
