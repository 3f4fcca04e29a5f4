import { type Mistake, valueMistake } from './config-error.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads NAME=VALUE lines. `#` begins a comment at the start of a line or after a blank; `export ` in front is
 * allowed; 'single quotes' keep everything, "double quotes" know \n \r \t \" \\ \$. Nothing is expanded.
 * Mistakes carry `path:line`.
 */
export function parseEnvFile(path: string, text: string, mistakes: Mistake[]): Map<string, string> {
	const entries = new Map<string, string>();
	const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
	lines.forEach((line, index) => {
		const source = `${path}:${index + 1}`;
		const content = line.trim().replace(/^export\s+/, '');
		if (content === '' || content.startsWith('#')) return;
		const equals = content.indexOf('=');
		const name = content.slice(0, Math.max(equals, 0)).trimEnd();
		if (!NAME.test(name)) {
			mistakes.push(valueMistake(source, 'found no NAME= at its start, wanted NAME=VALUE'));
			return;
		}
		const value = readValue(content.slice(equals + 1).trim());
		if (typeof value !== 'string') {
			mistakes.push(valueMistake(source, value.problem));
		} else if (entries.has(name)) {
			mistakes.push(valueMistake(source, `found ${name} a second time, wanted each name once`));
		} else {
			entries.set(name, value);
		}
	});
	return entries;
}

function readValue(text: string): string | { readonly problem: string } {
	const quote = text[0];
	if (quote !== '"' && quote !== "'") return text.replace(/(^|\s+)#.*$/, '');
	const end = closingQuote(text, quote);
	if (end === -1) return { problem: `found an opening ${quote} only, wanted a closing one on the same line` };
	const after = text.slice(end + 1).trim();
	if (after !== '' && !after.startsWith('#')) {
		return { problem: 'found text after the closing quote, wanted the end of the line or a comment' };
	}
	const inner = text.slice(1, end);
	return quote === "'" ? inner : inner.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

function closingQuote(text: string, quote: string): number {
	for (let index = 1; index < text.length; index++) {
		if (text[index] === quote) return index;
		if (quote === '"' && text[index] === '\\') index++;
	}
	return -1;
}
