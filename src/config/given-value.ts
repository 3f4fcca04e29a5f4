/** A value as the user wrote it, and where. */
export interface GivenValue {
	readonly value: unknown;
	/** `--memory`, `HTTPFN_MEMORY`, `httpfn.json: memory`: how a mistake names it. */
	readonly source: string;
	/** What a relative path in the value is relative to. */
	readonly folder: string;
}
