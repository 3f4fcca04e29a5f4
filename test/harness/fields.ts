/** The field lines of a head as a test wants to look at them. */
export interface Fields {
	/** Every line after the first, as it came. */
	readonly lines: readonly string[];
	/** The values of a field, in order, by its name in any case. */
	values(name: string): readonly string[];
	/** The value of a field that came once, null where none came. Throws where it came more often. */
	value(name: string): string | null;
}

/** `head` with its first line, in CRLF lines. */
export function fieldsOf(head: string): Fields {
	const lines = head
		.split('\r\n')
		.slice(1)
		.filter((line) => line !== '');
	const values = (name: string): readonly string[] =>
		lines
			.filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name.toLowerCase())
			.map((line) => line.slice(line.indexOf(':') + 1).trim());
	const value = (name: string): string | null => {
		const found = values(name);
		if (found.length > 1) throw new Error(`${name} came ${found.length} times: ${found.join(' | ')}`);
		return found[0] ?? null;
	};
	return { lines, values, value };
}
