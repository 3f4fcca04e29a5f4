/** What the process in the namespace is asked for, and answers, for the benchmark of edge functions' starts. */
import type { ColdIsolation } from './cold-start-options.ts';
import type { Runtime } from './runtime.ts';

export interface EdgeStartSubject {
	readonly runtime: Runtime;
	/** Null where the runtime is not httpfn. */
	readonly isolation: ColdIsolation | null;
}

export interface EdgeStartTask {
	readonly kind: 'edge-start';
	readonly subjects: readonly EdgeStartSubject[];
	readonly rounds: number;
}

export interface EdgeStartTaskResult {
	readonly runtime: string;
	readonly isolation: ColdIsolation | null;
	/** To the first byte, or the first answer: milliseconds, one a round. */
	readonly ms: readonly number[];
	/** Answers other than 200. */
	readonly failures: readonly string[];
}
