/** What an authorizer judges a caller by: values of header fields and query parameters that it named. */
import type { GuardedRequest } from '../guard.ts';
import { fieldPairs } from './field-pairs.ts';

/** Of a query that holds an identity: a stranger is not to have us decode thousands. */
const PARAMETERS_MAX = 512;

export interface IdentitySource {
	readonly name: string;
	/** Names of header fields do not depend on case, those of the query do. */
	readonly location: 'HEADER' | 'QUERY';
}

export interface Identity extends IdentitySource {
	readonly value: string;
}

/**
 * In the order of `sources`; the text is what is wrong. A source has to be there, not empty, and once: of two values, the
 * authorizer could judge one and the function believe the other. For the same reason `X_User` counts as `X-User`: servers in the
 * manner of CGI make one name of both.
 */
export function identitiesOf(
	sources: readonly IdentitySource[],
	{ target, fieldLines }: Pick<GuardedRequest, 'target' | 'fieldLines'>,
): readonly Identity[] | string {
	const identities: Identity[] = [];
	let fields: readonly Pair[] | null = null;
	let query: readonly Pair[] | null = null;
	for (const source of sources) {
		const header = source.location === 'HEADER';
		if (header) fields ??= foldedFields(fieldLines);
		else query ??= queryPairs(target);
		if (!header && query === null) return `the query has more than ${PARAMETERS_MAX} parameters`;
		const pairs = (header ? fields : query) ?? [];
		const name = header ? folded(source.name) : source.name;
		const values = pairs.filter((pair) => pair[0] === name);
		const value = values[0]?.[1] ?? '';
		const where = `the ${header ? 'header' : 'query parameter'} ${source.name}`;
		if (values.length > 1) return `${where} came ${values.length} times, wanted it once`;
		if (value === '') return `${where} is missing or empty`;
		identities.push({ ...source, value });
	}
	return identities;
}

type Pair = readonly [name: string, value: string];

function foldedFields(fieldLines: string): readonly Pair[] {
	return (fieldPairs(fieldLines) ?? []).map(([name, value]) => [folded(name), value]);
}

function folded(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
}

function queryPairs(target: string): readonly Pair[] | null {
	const mark = target.indexOf('?');
	if (mark === -1) return [];
	const query = target.slice(mark + 1);
	return query.split('&', PARAMETERS_MAX + 1).length > PARAMETERS_MAX
		? null
		: [...new URLSearchParams(query)];
}
