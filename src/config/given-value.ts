import type { Position } from './config-error.ts';

/** A value as the user wrote it, and where. */
export interface GivenValue {
	readonly value: unknown;
	/** `--memory`, `HTTPFN_MEMORY`, `httpfn.json: memory`: how a mistake names it. */
	readonly source: string;
	/** What a relative path in the value is relative to. */
	readonly folder: string;
	/** Where a part of the value stands, if the file is one whose lines are known. */
	readonly locate?: (part: readonly PropertyKey[]) => ValuePlace;
}

export interface ValuePlace {
	readonly source: string;
	readonly position: Position;
}
