/** What the process in the namespace is asked for, and answers, for the cold start benchmark. */
import type { ColdFunction, ColdIsolation } from './cold-start-options.ts';
import type { BareStart, CrowdKind } from './cold-start-result.ts';
import type { Peer } from './peer.ts';

/** Programs and folders that were made ready outside. */
export interface ColdPlace {
	/** Absolute path of the program that starts bootstraps bare. */
	readonly bare: string;
	/** Absolute path of the function's folder. */
	readonly folder: string;
}

export interface ColdTask extends ColdPlace {
	readonly kind: 'cold';
	readonly function: ColdFunction;
	readonly subjects: ReadonlyArray<{ readonly peer: Peer; readonly isolation: ColdIsolation }>;
	readonly rounds: number;
}

export interface CrowdTask extends ColdPlace {
	readonly kind: 'crowd';
	readonly crowd: CrowdKind;
	readonly peer: Peer;
	readonly rounds: number;
}

export interface ThawTask extends ColdPlace {
	readonly kind: 'thaw';
	readonly peer: Peer;
	readonly isolation: ColdIsolation;
	readonly rounds: number;
}

/** Milliseconds to the first byte, one a round. */
export interface ThawTaskResult {
	readonly frozenMs: readonly number[];
	readonly runningMs: readonly number[];
	readonly failures: readonly string[];
}

export interface ColdTaskResult {
	readonly peer: string;
	readonly isolation: ColdIsolation;
	readonly coldMs: readonly number[];
	readonly bare: readonly BareStart[];
	/** Answers other than 200. */
	readonly failures: readonly string[];
}

export interface CrowdTaskResult {
	readonly rounds: ReadonlyArray<{
		readonly wallMs: number;
		readonly requestMs: readonly number[];
		readonly bareWallMs: number;
		readonly bareMs: readonly number[];
	}>;
	readonly failures: readonly string[];
}
