import type { RuntimeError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import type { FunctionTarget } from './function-target.ts';

/** Where a request goes, as a router found it. */
export interface Passage {
	readonly target: FunctionTarget;
	/** The X-CFF and X-Apig lines that every request on this way carries. */
	readonly functionLines: string;
	/** What a trigger published; null: the function itself, with nothing before it. */
	readonly api: Api | null;
	/** The same way, to who answers there now: for a request that went on it later than it was found. Absent: nothing else will. */
	readonly renewed?: () => Passage | RuntimeError;
}
