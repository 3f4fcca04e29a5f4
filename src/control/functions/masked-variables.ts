/** Encrypted variables as clients may see them: their names, and a mask for each value. */
const MASK = '******';

/** A JSON object of strings, as text; empty stays empty. */
export function maskVariables(text: string): string {
	if (text === '') return '';
	const names = Object.keys(JSON.parse(text) as object);
	return JSON.stringify(Object.fromEntries(names.map((name) => [name, MASK])));
}

/**
 * A client that sends back what it was told changes nothing: a masked value keeps what is stored under its name. The same variables
 * give the same text, however they were written.
 */
export function unmaskVariables(given: string, stored: string): string {
	if (given === '') return '';
	const known = (stored === '' ? {} : JSON.parse(stored)) as Record<string, string>;
	const values = Object.entries(JSON.parse(given) as Record<string, string>);
	return JSON.stringify(
		Object.fromEntries(
			values.map(([name, value]) => [
				name,
				value === MASK && Object.hasOwn(known, name) ? known[name] : value,
			]),
		),
	);
}
