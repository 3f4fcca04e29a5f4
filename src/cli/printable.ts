/** Text from elsewhere, fit for a terminal: control characters, which could make it do things, as escapes. */
export function printable(text: string): string {
	return text.replaceAll(
		/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
		(sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
