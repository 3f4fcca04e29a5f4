import { RuntimeError } from '../../contract/errors.ts';
import type { SignedHead } from '../../contract/sdk-signature.ts';
import type { GuardedRequest, Verdict } from '../guard.ts';
import { fieldPairs } from './field-pairs.ts';

/**
 * A request as its signature covers it. A field that came more than once is one list (RFC 9110 section 5.3), which is no
 * credential of anybody: none is accepted that could be read in two ways. Host is what the request was routed by. Null: a line
 * of the header is none.
 */
export function guardedHead({ method, target, host, fieldLines }: GuardedRequest): SignedHead | null {
	const pairs = fieldPairs(fieldLines);
	if (pairs === null) return null;
	// Without a prototype: clients choose the names.
	const headers: Record<string, string> = Object.create(null);
	for (const [name, value] of pairs) {
		const before = headers[name];
		headers[name] = before === undefined ? value : `${before}, ${value}`;
	}
	headers.host = host;
	return { method, url: target, headers };
}

/** What `judge` says or throws of the request as its signature covers it; `unauthorized` where that can not be told. */
export function judgedHead(
	request: GuardedRequest,
	unauthorized: (message: string) => RuntimeError,
	judge: (head: SignedHead) => Verdict,
): Verdict {
	const head = guardedHead(request);
	if (head === null) return unauthorized('a header line is malformed');
	try {
		return judge(head);
	} catch (error) {
		if (error instanceof RuntimeError) return error;
		throw error;
	}
}
