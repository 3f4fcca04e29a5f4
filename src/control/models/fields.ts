/**
 * Fields of bodies, each with what was wanted of it: the answer to a mistake tells that beside what was found. Bodies leave fields
 * out or send null for them, which means the same.
 */
import * as z from 'zod/mini';

/** Characters of a name or another short text (ours): what is longer is not looked at any further. */
const TEXT_CHARS_MAX = 1024;

export const wanted = (what: string) => ({ error: `wanted ${what}` });

export function text(charsMax = TEXT_CHARS_MAX) {
	const bound = z.maxLength(charsMax, wanted(`at most ${charsMax} characters`));
	return z.string(wanted('a text')).check(bound);
}

export const optionalText = (charsMax = TEXT_CHARS_MAX) => z.optional(z.nullable(text(charsMax)));
export const optionalNumber = () => z.optional(z.nullable(z.number(wanted('a number'))));
export const optionalFlag = () => z.optional(z.nullable(z.boolean(wanted('true or false'))));

/** What is in it is JSON already. */
export const optionalObject = () =>
	z.optional(z.nullable(z.record(z.string(), z.unknown(), wanted('an object'))));
