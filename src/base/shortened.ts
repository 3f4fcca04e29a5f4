/** A text for a message: enough of it to recognize it, however long a stranger made it. */
export function shortened(text: string, charsMax: number): string {
	return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text;
}
