/** Pages of the lists whose marker is a number of entries to pass over (observed: Terraform adds what it got to it). */
import * as z from 'zod/mini';

/** Names of the query differ: `limit` or `maxitems`. Texts, since queries are. */
export interface PageQuery {
	readonly marker?: string | undefined;
	readonly limit?: string | undefined;
	readonly maxitems?: string | undefined;
}

/** Entries of a page where the client does not say, and the most it can have (documented for reserved instances). */
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** Digits only. */
export function digits(): z.ZodMiniOptional<z.ZodMiniString> {
	return z.optional(z.string().check(z.regex(/^\d{1,9}$/)));
}

/** The part of a query that `pageOf` reads: all of it is judged, whichever of the names a client uses. */
export function pageFields() {
	return { marker: digits(), limit: digits(), maxitems: digits() };
}

/** Milliseconds since 1970, as a text. */
export function momentDigits(): z.ZodMiniOptional<z.ZodMiniString> {
	return z.optional(z.string().check(z.regex(/^\d{1,15}$/)));
}

export interface Page {
	readonly from: number;
	/** Not of the page any more. */
	readonly to: number;
}

/** 0 entries mean the default (documented). */
export function pageOf({ marker = '0', limit, maxitems }: PageQuery): Page {
	const from = Number(marker);
	const asked = Number(limit ?? maxitems ?? '0');
	return { from, to: from + Math.min(asked === 0 ? LIMIT_DEFAULT : asked, LIMIT_MAX) };
}

export function pageInfoSchema() {
	return z.object({
		next_marker: z.number(),
		previous_marker: z.number(),
		current_count: z.number(),
	});
}

export type PageInfo = z.output<ReturnType<typeof pageInfoSchema>>;

/** `next_marker` is the number of entries up to the end of this page; a page beyond the last is empty. */
export function pageInfo({ from, to }: Page, count: number): PageInfo {
	const current = Math.max(0, Math.min(to, count) - from);
	return {
		next_marker: from + current,
		previous_marker: Math.max(0, from - (to - from)),
		current_count: current,
	};
}
