/** What the lists of the platform's gateway API have in common: its paths, and pages by offset. */
import * as z from 'zod/mini';
import { digits } from './paging/page.ts';

/** Any instance is accepted: there is one gateway here. */
export const GATEWAY = '/v2/{project_id}/apigw/instances/{instance_id}';

/** Entries of a page where the client does not say, and the most it can have (documented). */
const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 500;

interface OffsetQuery {
	readonly offset?: string | undefined;
	readonly limit?: string | undefined;
}

export function offsetFields() {
	return { offset: digits(), limit: digits() };
}

export function listQuery() {
	return z.looseObject(offsetFields());
}

export function listSchema<Name extends string>(name: Name, entry: z.ZodMiniType) {
	return z.looseObject({ total: z.number(), size: z.number(), [name]: z.array(entry) });
}

/** A page of `entries` as `{total, size, <name>}`. */
export function listOf<Entry>(
	name: string,
	entries: readonly Entry[],
	query: unknown,
	shown: (entry: Entry) => object,
) {
	const { offset = '0', limit = '0' } = query as OffsetQuery;
	const from = Number(offset);
	const count = Math.min(Number(limit) === 0 ? LIMIT_DEFAULT : Number(limit), LIMIT_MAX);
	const page = entries.slice(from, from + count).map(shown);
	return { total: entries.length, size: page.length, [name]: page };
}

export function namedQuery() {
	return z.extend(listQuery(), { id: z.optional(z.string()), name: z.optional(z.string()) });
}

/** Those of this id, whose names hold this text; all where `namedQuery` says neither. */
export function chosen<Entry extends { readonly id: string; readonly name: string }>(
	entries: readonly Entry[],
	query: unknown,
): readonly Entry[] {
	const { id, name } = query as { readonly id?: string; readonly name?: string };
	return entries.filter(
		(entry) => (id === undefined || entry.id === id) && (name === undefined || entry.name.includes(name)),
	);
}
