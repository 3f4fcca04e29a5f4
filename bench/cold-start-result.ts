/** Everything one run of the cold start benchmark has found: what --json writes. */
import type { ColdFunction, ColdIsolation, ColdStartOptions } from './cold-start-options.ts';
import type { Machine } from './machine.ts';

/** One bootstrap run bare: milliseconds from exec. */
export interface BareStart {
	readonly listenMs: number;
	readonly firstByteMs: number;
}

/** One httpfn with one kind of isolation. */
export interface ColdSubject {
	readonly peer: string;
	readonly isolation: ColdIsolation;
}

/** Milliseconds from the request to the first byte of its answer, one a round, beside the bare start of that round. */
export interface ColdRounds extends ColdSubject {
	readonly function: ColdFunction;
	readonly coldMs: readonly number[];
	readonly bare: readonly BareStart[];
}

/** Milliseconds from a request to the first byte: of a frozen instance, and of the same one running, one a round. */
export interface ThawRounds extends ColdSubject {
	readonly function: ColdFunction;
	readonly frozenMs: readonly number[];
	readonly runningMs: readonly number[];
}

export type CrowdKind = 'functions' | 'burst';

/** Many at once. */
export interface CrowdRound {
	readonly kind: CrowdKind;
	readonly function: ColdFunction;
	readonly peer: string;
	/** Until the last of them had its first byte. */
	readonly wallMs: number;
	readonly requestMs: readonly number[];
	/** As many bootstraps run bare, started at once, a moment before. */
	readonly bareWallMs: number;
	readonly bareMs: readonly number[];
}

export interface ColdStartResult {
	readonly machine: Machine;
	readonly options: ColdStartOptions;
	readonly flagship: string | null;
	readonly rounds: readonly ColdRounds[];
	readonly crowds: readonly CrowdRound[];
	readonly thaws: readonly ThawRounds[];
	/** What makes the figures worthless; empty in an honest run. */
	readonly problems: readonly string[];
}
