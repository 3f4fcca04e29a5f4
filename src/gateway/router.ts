/** Decides which function answers a request. */
import type { FunctionTarget } from './function-target.ts';

export interface Router {
	/**
	 * `host` is the authority as the client sent it, port and all, or empty; `target` is path and query as sent. Null: nobody
	 * answers it.
	 */
	find(method: string, host: string, target: string): FunctionTarget | null;
}
