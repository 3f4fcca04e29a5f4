/** Decides which function answers a request. */
import type { RuntimeError } from '../contract/errors.ts';
import type { FunctionTarget } from './function-target.ts';

export interface Router {
	/**
	 * `host` is the authority as the client sent it, port and all, or empty; `target` is path and query as sent,
	 * `fieldLines` the header that goes to the function, each line with CRLF. Null: nobody
	 * answers it; an error: who would answer does not, and this is why.
	 */
	find(
		method: string,
		host: string,
		target: string,
		fieldLines: string,
	): FunctionTarget | RuntimeError | null;
}
