/** Whether the peers do the same work: an injected header that one leaves out would make it look fast. */
import { INJECTED_HEADERS, INJECTED_RESPONSE_HEADERS, type InjectedHeader } from './injected-headers.ts';
import type { HeadersResult } from './task.ts';

/** @returns one sentence for each thing that makes a comparison unfair */
export function compareHeaders(peer: string, found: HeadersResult): string[] {
	const problems = [
		...missing(INJECTED_HEADERS, found.requestNames).map(
			(name) => `${peer} does not add the request header ${name}, which the others add`,
		),
		...missing(INJECTED_RESPONSE_HEADERS, found.responseNames).map(
			(name) => `${peer} does not add the response header ${name}, which the others add`,
		),
	];
	if (found.forgedNames.length > 0)
		problems.push(`${peer} lets forged ${found.forgedNames.join(', ')} through`);
	return problems;
}

/** @returns names that a peer adds beyond those that every peer must: work that the others are spared */
export function extraHeaders(found: HeadersResult): string[] {
	const wanted = [...INJECTED_HEADERS, ...INJECTED_RESPONSE_HEADERS].map(({ name }) => name.toLowerCase());
	return [...found.requestNames, ...found.responseNames].filter((name) => !wanted.includes(name));
}

function missing(wanted: readonly InjectedHeader[], found: readonly string[]): string[] {
	return wanted.map(({ name }) => name.toLowerCase()).filter((name) => !found.includes(name));
}
