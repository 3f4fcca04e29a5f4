import type { Field } from './field.ts';

const INTEGER = /^-?\d{1,15}$/;

/**
 * The value that a flag's or a variable's text stands for. Text that stands for none is handed on as it is, so that
 * the schema refuses it and the message shows what was written.
 */
export function fieldFromText(field: Field, text: string): unknown {
	switch (field.kind) {
		case 'text':
			return text;
		case 'integer':
			return INTEGER.test(text) ? Number(text) : text;
		case 'boolean':
			return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
		case 'entries':
			return parseJson(text);
		case 'structure':
			if (INTEGER.test(text)) return Number(text);
			return /^\s*[[{]/.test(text) ? parseJson(text) : text;
		default:
			return field.kind satisfies never;
	}
}

/** How an error shows a value. Secrets are never shown. */
export function showValue(field: Field, value: unknown): string {
	if (field.secret) return 'a value that is not shown';
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
