/** Decides which function answers a request. */
import type { RuntimeError } from '../contract/errors.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { Passage } from './passage.ts';

/** What a router sees of a request. */
export type RoutedRequest = Pick<RequestHead, 'method' | 'host' | 'target' | 'fieldLines' | 'noted'>;

export interface Router {
	/** Null: nobody answers it; an error: who would answer does not, and this is why. */
	find(request: RoutedRequest): Passage | RuntimeError | null;
}
