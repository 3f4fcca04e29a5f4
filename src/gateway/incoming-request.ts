import type { RequestHead } from '../http1/request-head.ts';
import type { Passage } from './passage.ts';
import type { RequestOrigin } from './request-origins.ts';

/** A request as it came: what is known of it before anybody acts on it. */
export interface IncomingRequest {
	/** Where it goes. */
	readonly passage: Passage;
	readonly head: RequestHead;
	/** Of its body; 0 or -1 where it has none. */
	readonly bodyBytes: number;
	readonly origin: RequestOrigin;
}
