import { shortened } from '../base/shortened.ts';

/** What a JSON value is, in the words of an error message. */
export function kindOf(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	switch (typeof value) {
		case 'object':
			return 'an object';
		case 'string':
			return `the text ${JSON.stringify(shortened(value, 40))}`;
		default:
			return `the ${typeof value} ${String(value)}`;
	}
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
