/** What a reload did, by key of the plan. */
export interface Exchanged {
	readonly started: readonly string[];
	readonly kept: readonly string[];
	readonly retired: readonly string[];
}
